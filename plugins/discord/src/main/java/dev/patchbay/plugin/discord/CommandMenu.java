package dev.patchbay.plugin.discord;

import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.Command;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import net.dv8tion.jda.api.utils.data.DataArray;
import net.dv8tion.jda.api.utils.data.DataObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bot's slash commands on Discord, replaced only when they have changed: Discord allows few such changes a day. */
final class CommandMenu {
    private static final Logger LOG = LoggerFactory.getLogger(CommandMenu.class);
    private static final int DESCRIPTION_MAX = 100;
    private static final int TEXT_OPTION = 3;

    private final Api api;
    private final DiscordSettings settings;
    private final ChannelHost host;
    private final Memory memory;

    CommandMenu(Api api, DiscordSettings settings, ChannelHost host, Memory memory) {
        this.api = api;
        this.settings = settings;
        this.host = host;
        this.memory = memory;
    }

    void publish(String application) throws InterruptedException {
        DataArray menu = menu();
        String written = new String(menu.toJson(), StandardCharsets.UTF_8);
        String fingerprint = new BigInteger(1, Nonce.sha256(application + " " + written)).toString(16);
        String published = memory.commands().orElse("");
        if (fingerprint.equals(published) || (menu.isEmpty() && published.isEmpty())) {
            return;
        }
        try {
            ApiAnswer answer = api.put("/applications/" + application + "/commands", menu);
            if (answer.isOk()) {
                memory.keepCommands(fingerprint);
            } else {
                LOG.warn("The slash commands were not published: {}", answer.words());
            }
        } catch (ApiTrouble unreachable) {
            LOG.warn("The slash commands were not published: {}", unreachable.getMessage());
        }
    }

    /** The hub's commands and the account's own, which win; each takes one text behind it. */
    private DataArray menu() {
        Map<String, Command> commands = new LinkedHashMap<>();
        if (settings.hasCommands()) {
            host.commands().forEach(command -> commands.put(command.name(), command));
            settings.commands().forEach(command -> commands.put(command.name(), command));
        }
        DataArray menu = DataArray.empty();
        for (Command command : commands.values()) {
            DataObject text = DataObject.empty()
                    .put("type", TEXT_OPTION)
                    .put("name", "text")
                    .put("description", "What to say with it")
                    .put("required", false);
            menu.add(DataObject.empty()
                    .put("type", 1)
                    .put("name", command.name())
                    .put("description", cut(command.description()))
                    .put("options", DataArray.empty().add(text)));
        }
        return menu;
    }

    private static String cut(String description) {
        return description.length() <= DESCRIPTION_MAX
                ? description
                : description.substring(0, DESCRIPTION_MAX - 1) + "…";
    }
}
