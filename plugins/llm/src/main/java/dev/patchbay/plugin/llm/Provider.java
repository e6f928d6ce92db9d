package dev.patchbay.plugin.llm;

import java.net.URI;
import java.util.Locale;

/** Whose language is spoken. */
enum Provider {
    OPENAI("https://api.openai.com/v1"),
    ANTHROPIC("https://api.anthropic.com/v1"),
    OLLAMA("http://127.0.0.1:11434");

    private final String official;

    Provider(String official) {
        this.official = official;
    }

    /** The address that is meant when none is configured. */
    String official() {
        return official;
    }

    /** Whether this address can only be used with a key. */
    boolean wantsKey(String baseUrl) {
        return this != OLLAMA && host(baseUrl).equals(host(official));
    }

    /** The address as the requests need it: people write it with and without the version, as the vendors' own libraries do. */
    String base(String configured) {
        String url = configured.replaceAll("/+$", "");
        return switch (this) {
            case OPENAI -> url;
            case ANTHROPIC -> url.endsWith("/v1") ? url : url + "/v1";
            case OLLAMA -> url.replaceAll("/(api|v1)$", "");
        };
    }

    private static String host(String url) {
        try {
            String host = URI.create(url).getHost();
            return host == null ? "" : host.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException noAddress) {
            return "";
        }
    }
}
