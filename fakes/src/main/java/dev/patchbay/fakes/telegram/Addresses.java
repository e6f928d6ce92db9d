package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.http.Body;
import dev.patchbay.fakes.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/** Fetches files that a bot names by their address; on this machine only. */
final class Addresses {
    static final long BYTES_MAX = 20L * 1024 * 1024;
    static final long PHOTO_BYTES_MAX = 5L * 1024 * 1024;
    private static final int PATIENCE_MS = 5_000;

    private Addresses() {}

    static boolean isAddress(String source) {
        return source.startsWith("http://") || source.startsWith("https://");
    }

    /**
     * The call with the content of each address as a file under that address. Blocks, so no lock may be held: the address may be
     * one of this very server.
     *
     * @throws ApiError if one cannot be fetched
     */
    static Call fetched(Call call) {
        var files = new HashMap<>(call.files());
        for (String address : named(call)) {
            files.put(address, fetch(address));
        }
        return new Call(call.token(), call.method(), call.fields(), files);
    }

    private static List<String> named(Call call) {
        var named = new ArrayList<String>();
        MessageCalls.fileKind(call.method()).flatMap(call::text).ifPresent(named::add);
        if (call.method().equals("sendmediagroup")) {
            for (JsonNode each : call.json("media").orElseGet(Json::array)) {
                named.add(each.path("media").asText());
            }
        }
        named.removeIf(source -> !isAddress(source));
        return named;
    }

    private static Part fetch(String address) {
        try {
            URI uri = URI.create(address);
            if ("127.0.0.1".equals(uri.getHost())
                    && uri.toURL().openConnection() instanceof HttpURLConnection connection) {
                connection.setConnectTimeout(PATIENCE_MS);
                connection.setReadTimeout(PATIENCE_MS);
                try (InputStream in = connection.getInputStream()) {
                    String name = uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
                    String type =
                            Optional.ofNullable(connection.getContentType()).orElse("application/octet-stream");
                    return new Part(address, Optional.of(name), type, Body.of(in.readNBytes((int) BYTES_MAX + 1)));
                }
            }
        } catch (IOException | IllegalArgumentException notThere) {
            // Answered below like an address elsewhere.
        }
        throw ApiError.bad("failed to get HTTP URL content");
    }
}
