package dev.patchbay.plugin.telegram;

import dev.patchbay.api.Button;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.InlineKeyboardMarkup;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.buttons.InlineKeyboardButton;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.buttons.InlineKeyboardRow;

/** Buttons as Telegram lays them out. */
final class Keyboard {
    private static final int SHORT = 12;
    private static final int ROW_MAX = 3;

    private Keyboard() {}

    /** Short ones stand side by side, three at most, long ones below each other; null if there are none. */
    static @Nullable InlineKeyboardMarkup of(List<Button> buttons) {
        if (buttons.isEmpty()) {
            return null;
        }
        int wide = buttons.stream().allMatch(button -> button.text().length() <= SHORT) ? ROW_MAX : 1;
        var rows = new ArrayList<InlineKeyboardRow>();
        for (int i = 0; i < buttons.size(); i += wide) {
            rows.add(new InlineKeyboardRow(buttons.subList(i, Math.min(buttons.size(), i + wide)).stream()
                    .map(button -> InlineKeyboardButton.builder()
                            .text(button.text())
                            .callbackData(button.data())
                            .build())
                    .toList()));
        }
        return new InlineKeyboardMarkup(rows);
    }
}
