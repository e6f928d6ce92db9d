package dev.patchbay.plugin.telegram;

import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.Command;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.methods.commands.DeleteMyCommands;
import org.telegram.telegrambots.meta.api.methods.commands.SetMyCommands;
import org.telegram.telegrambots.meta.api.objects.commands.BotCommand;

/** The commands that clients offer when somebody types a slash. Told to the server only when they have changed. */
final class Menu {
    private static final Logger log = LoggerFactory.getLogger(Menu.class);
    private static final String TOLD = "commands";
    private static final Duration CALL_MAX = Duration.ofSeconds(10);
    private static final int COMMANDS_MAX = 100;

    private final BotApi api;
    private final ChannelHost host;
    private final List<Command> own;

    Menu(BotApi api, ChannelHost host, List<Command> own) {
        this.api = api;
        this.host = host;
        this.own = own;
    }

    /** Brings the server up to date. A menu that it does not like is logged, and no reason not to work. */
    void publish() throws ApiTrouble, NotAccepted, InterruptedException {
        var all = new LinkedHashMap<String, Command>();
        host.commands().forEach(command -> all.put(command.name(), command));
        own.forEach(command -> all.put(command.name(), command));
        List<Command> wanted = all.values().stream().limit(COMMANDS_MAX).toList();
        String mark = wanted.isEmpty() ? "" : hash(wanted);
        if (host.note(TOLD).orElse("").equals(mark)) {
            return;
        }
        try {
            if (wanted.isEmpty()) {
                api.call(new DeleteMyCommands(), CALL_MAX);
            } else {
                api.call(
                        SetMyCommands.builder()
                                .commands(wanted.stream()
                                        .map(command -> new BotCommand(command.name(), command.description()))
                                        .toList())
                                .build(),
                        CALL_MAX);
            }
        } catch (ApiTrouble trouble) {
            if (!trouble.isOfThisCallAlone()) {
                throw trouble;
            }
            log.warn("The server does not take the menu of commands: {}", trouble.getMessage());
            if (trouble.code() != 400) {
                // Not what is wrong with the menu: it is offered again with the next greeting.
                return;
            }
        }
        host.keep(new Note(TOLD, mark));
    }

    private static String hash(List<Command> commands) {
        try {
            byte[] bytes = commands.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
