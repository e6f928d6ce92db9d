package dev.patchbay.plugin.discord;

import net.dv8tion.jda.api.utils.data.DataObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers interactions within Discord's three seconds; the agent's answer comes later, as a message. */
final class Interactions {
    private static final Logger LOG = LoggerFactory.getLogger(Interactions.class);
    private static final int EPHEMERAL = 64;

    private final Api api;

    Interactions(Api api) {
        this.api = api;
    }

    void acknowledge(DataObject interaction) throws InterruptedException {
        int type = interaction.getInt("type", 0);
        DataObject answer =
                switch (type) {
                    // Seen only by whoever typed the command: without it the chat would not show that it came through.
                    case 2 ->
                        DataObject.empty()
                                .put("type", 4)
                                .put(
                                        "data",
                                        DataObject.empty().put("content", "…").put("flags", EPHEMERAL));
                    case 3 -> DataObject.empty().put("type", 6);
                    default -> null;
                };
        if (answer == null) {
            return;
        }
        String id = interaction.getString("id");
        try {
            ApiAnswer said =
                    api.post("/interactions/" + id + "/" + interaction.getString("token", "") + "/callback", answer);
            if (!said.isOk()) {
                LOG.warn("Interaction {} was not acknowledged: {}", id, said.words());
            }
        } catch (ApiTrouble unreachable) {
            LOG.warn("Interaction {} was not acknowledged: {}", id, unreachable.getMessage());
        }
    }
}
