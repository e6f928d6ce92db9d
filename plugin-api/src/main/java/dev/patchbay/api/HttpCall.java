package dev.patchbay.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One HTTP request to a channel.
 *
 * @param method upper case
 * @param path the whole path, for instance {@code /webhooks/default}
 * @param headers names in lower case
 * @param body the raw bytes, as signed by the sender; not copied, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // the raw body of a request is never compared, and copying 10 MB is not free
public record HttpCall(String method, String path, Map<String, List<String>> headers, byte[] body) {

    public HttpCall {
        var lower = new TreeMap<String, List<String>>();
        headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        headers = lower;
    }

    /** The header's value if it occurs exactly once; a repeated one counts as absent, because it cannot be trusted. */
    public Optional<String> header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }
}
