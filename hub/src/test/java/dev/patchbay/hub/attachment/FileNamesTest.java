package dev.patchbay.hub.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "report.pdf | report.pdf",
                "/etc/passwd | passwd",
                "../../secret.txt | secret.txt",
                "C:\\Users\\anna\\photo.jpg | photo.jpg",
                "..\\..\\x | x",
                "日本語.png | 日本語.png",
                "a b.txt | a b.txt",
                ".hidden | .hidden",
                "quote\".txt | quote\".txt",
            })
    void aNameHasNoPath(String given, String name) {
        assertThat(FileNames.name(given)).contains(name);
    }

    @Test
    void whatSteersOrHidesIsLeftOut() {
        assertThat(FileNames.name("a\r\nContent-Type: x\u0000.txt")).contains("aContent-Type: x.txt");
        assertThat(FileNames.name("annexe\u202Egpj.exe")).contains("annexegpj.exe");
        assertThat(FileNames.name("half\uD83D.txt")).contains("half.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", "...", "/", "a/", "\u0000", "\u200B"})
    void whereNothingIsLeftThereIsNoName(String given) {
        assertThat(FileNames.name(given)).isEmpty();
    }

    @Test
    void aLongNameKeepsItsExtension() {
        assertThat(FileNames.name("x".repeat(5_000) + ".tar.gz").orElseThrow())
                .hasSize(200)
                .endsWith("x.gz");
        assertThat(FileNames.name("😀".repeat(500)).orElseThrow()).doesNotEndWith("\uD83D");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image/png | image/png",
                "IMAGE/PNG | image/png",
                "text/plain; charset=utf-8 | text/plain",
                "image/svg+xml | image/svg+xml",
            })
    void aMediaTypeIsSmallAndBare(String given, String type) {
        assertThat(FileNames.mediaType(given)).contains(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "image", "image/", "/png", "a/b/c", "image/png\r\nX: y", "te xt/plain", "text/plä"})
    void whatIsNoMediaTypeIsNone(String given) {
        assertThat(FileNames.mediaType(given)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/javascript", "x"
            })
    void whatABrowserCouldRunIsNeverServedAsThat(String given) {
        assertThat(FileNames.servable(given)).isEqualTo("application/octet-stream");
    }
}
