package dev.patchbay.hub.command;

import dev.patchbay.hub.command.chat.Conversation;
import dev.patchbay.hub.command.chat.PlainChat;
import dev.patchbay.hub.command.chat.Terminals;
import dev.patchbay.hub.command.wire.HubAddress;
import dev.patchbay.hub.command.wire.RpcClient;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "chat",
        header = "Talk to the running hub.",
        description = {
            "At a terminal: with line editing and history (~/.patchbay/chat-history); replies appear while they are"
                + " written. Otherwise, and with --plain: one line in, its reply out; the end of input ends it after"
                + " the last reply. Ends with 1 if a line got no reply, with 3 if the hub goes away.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  patchbay chat",
            "  patchbay chat --agent support",
            "  echo 'hello' | patchbay chat --plain"
        })
final class ChatCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = "--agent",
            paramLabel = "AGENT",
            description = "talk to this agent (default: whom the bindings choose)")
    private @Nullable String agent;

    @Option(names = "--session", paramLabel = "KEY", description = "go on with this session (default: the user's own)")
    private @Nullable String session;

    @Option(names = "--plain", description = "one line in, reply lines out, nothing else")
    private boolean isPlain;

    ChatCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        Surroundings here = context.surroundings();
        HubAddress address = context.address();
        var conversation = new Conversation(Optional.ofNullable(agent), Optional.ofNullable(session), here.user());
        if (!isPlain && !context.options().isJson() && here.isInTerminal() && here.isOutTerminal()) {
            return Terminals.chat(address, conversation, here.home(), here.wantsColours())
                    .number();
        }
        try (var hub = new RpcClient(address)) {
            return new PlainChat(hub, conversation, context.screen(), form())
                    .run(here.in())
                    .number();
        }
    }

    private PlainChat.Form form() {
        if (context.options().isJson()) {
            return PlainChat.Form.JSON;
        }
        return context.surroundings().isOutTerminal() ? PlainChat.Form.HARMLESS_TEXT : PlainChat.Form.TEXT;
    }
}
