package dev.patchbay.example.folder;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.ChannelSettings;
import java.io.IOException;
import java.nio.file.Path;
import org.pf4j.Extension;

/** A folder as a channel: files that are put into it are messages, answers are lines that are written to it. */
@Extension
public final class FolderPlugin implements ChannelPlugin {

    @Override
    public String type() {
        return "folder";
    }

    @Override
    public String accountSchema() {
        return """
            {
              "type": "object",
              "properties": { "path": { "type": "string", "description": "The folder; made if it is missing" } },
              "required": ["path"]
            }
            """;
    }

    @Override
    public boolean isConfigured(ChannelSettings settings) {
        return settings.account().text("path").isPresent();
    }

    @Override
    public Channel open(ChannelSettings settings, ChannelHost host) throws IOException {
        return FolderChannel.open(Path.of(settings.account().text("path", "")), host);
    }
}
