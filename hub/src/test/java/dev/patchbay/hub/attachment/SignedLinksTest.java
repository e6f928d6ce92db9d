package dev.patchbay.hub.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Attachment;
import dev.patchbay.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignedLinksTest {
    @TempDir
    Path data;

    final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T10:00:00Z"));

    @Test
    void aLinkOpensItsFileUntilItsTimeIsOver() throws Exception {
        // Given
        AttachmentDesk files = files(AttachmentSettings.of(data));
        Attachment kept = keep(files, "photo of us.png");
        AttachmentId id = AttachmentId.of(kept).orElseThrow();

        // When
        URI link = URI.create(files.link(kept));

        // Then
        assertThat(link.getPath()).isEqualTo("/attachments/" + id.hex());
        assertThat(query(link)).containsEntry("name", "photo of us.png").containsEntry("type", "image/png");
        assertThat(files.opens(id, query(link))).isTrue();
        clock.advance(Duration.ofDays(7).minusSeconds(1));
        assertThat(files.opens(id, query(link))).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(files.opens(id, query(link))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "expires, 99999999999",
        "expires, x",
        "expires, -1",
        "name, invoice.exe",
        "type, text/html",
        "sig, AAAA",
        "sig, ''"
    })
    void aLinkThatWasChangedOpensNothing(String part, String value) throws Exception {
        AttachmentDesk files = files(AttachmentSettings.of(data));
        Attachment kept = keep(files, "a.png");
        AttachmentId id = AttachmentId.of(kept).orElseThrow();
        Map<String, String> query = query(URI.create(files.link(kept)));

        query.put(part, value);

        assertThat(files.opens(id, query)).isFalse();
        assertThat(files.opens(new AttachmentId("0".repeat(64)), query(URI.create(files.link(kept)))))
                .isFalse();
        assertThat(files.opens(id, Map.of())).isFalse();
    }

    @Test
    void theKeyIsMadeOnceAndReadableByItsOwnerOnly() throws Exception {
        AttachmentDesk first = files(AttachmentSettings.of(data));
        Attachment kept = keep(first, "a.png");
        URI link = URI.create(first.link(kept));

        AttachmentDesk second = files(AttachmentSettings.of(data));

        assertThat(second.opens(AttachmentId.of(kept).orElseThrow(), query(link)))
                .isTrue();
        assertThat(Files.getPosixFilePermissions(data.resolve("attachment-key")))
                .hasSize(2);
    }

    @Test
    void aLinkOfOursThatComesBackIsTheStoredFileAgain() throws Exception {
        AttachmentDesk files = files(AttachmentSettings.of(data));
        Attachment kept = keep(files, "a.png");
        String link = files.link(kept);

        assertThat(files.inward(new Attachment(link, null, null))).isEqualTo(kept);
        assertThat(files.inward(new Attachment(link, "image/jpeg", "b.jpg")))
                .isEqualTo(new Attachment(kept.url(), "image/jpeg", "b.jpg"));
        var forged = new Attachment(link.replace("sig=", "sig=A"), null, null);
        assertThat(files.inward(forged)).isEqualTo(forged);
        var foreign = new Attachment("https://example.org/attachments/" + "0".repeat(64) + "?x=%zz", null, null);
        assertThat(files.inward(foreign)).isEqualTo(foreign);
    }

    @Test
    void aFileBecomesALineOfTextThatMeansSomethingToAPeer() throws Exception {
        // Given
        AttachmentDesk inside = files(AttachmentSettings.of(data));
        AttachmentDesk outside =
                files(AttachmentSettings.of(data).withPublicUrl(URI.create("https://hub.example/patchbay/")));
        Attachment kept = keep(inside, "a.png");

        // Then
        assertThat(inside.line(kept)).isEqualTo("[a.png, 5 B]");
        assertThat(outside.line(kept))
                .startsWith("https://hub.example/patchbay/attachments/"
                        + AttachmentId.of(kept).orElseThrow().hex());
        assertThat(inside.line(new Attachment("geo:52.5163,13.3777", null, null)))
                .isEqualTo("Location: 52.5163, 13.3777");
        assertThat(inside.line(new Attachment("geo:-33.85,151", null, null))).isEqualTo("Location: -33.85, 151");
        assertThat(inside.line(new Attachment("https://example.org/x.png", null, null)))
                .isEqualTo("https://example.org/x.png");
        assertThat(inside.line(new Attachment("attachment:" + "0".repeat(64), null, null)))
                .isEqualTo("[file]");
    }

    private AttachmentDesk files(AttachmentSettings settings) {
        return TestFiles.in(settings, TestFiles.world(clock));
    }

    private static Attachment keep(AttachmentDesk files, String name) throws Exception {
        return files.keep(new ByteArrayInputStream("bytes".getBytes(StandardCharsets.UTF_8)), "image/png", name);
    }

    private static Map<String, String> query(URI link) {
        var query = new HashMap<String, String>();
        for (String each : link.getQuery().split("&", -1)) {
            String[] pair = each.split("=", 2);
            query.put(pair[0], pair[1]);
        }
        return query;
    }
}
