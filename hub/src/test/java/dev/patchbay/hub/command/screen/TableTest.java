package dev.patchbay.hub.command.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheyNeedToBeAlsoForWideCharacters() {
        // Given
        var table = new Table("NAME", "STATE").row("你好", "ok").row("a-long-name", "");

        // When
        var lines = table.lines();

        // Then
        assertThat(lines).containsExactly("NAME         STATE", "你好         ok", "a-long-name");
    }

    @Test
    void aCellStaysOnItsLineAndWithinBounds() {
        // When
        var lines = new Table("A", "B").row("x\ny\u001b[1m", "z".repeat(500)).lines();

        // Then
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).startsWith("x⏎y␛[1m").endsWith("…").hasSizeLessThan(100);
    }
}
