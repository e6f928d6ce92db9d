package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.screen.Colour;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.wire.RpcClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        header = "Show how the hub and its channels are doing.",
        description = {"Ends with 0 if a message would get through, with 1 if the hub is down.", ""})
final class StatusCommand implements Callable<Integer> {
    private final CommandContext context;

    StatusCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        JsonNode health;
        JsonNode channels;
        String address;
        try (var hub = new RpcClient(context.address())) {
            address = hub.address().toString();
            health = CommandContext.ask(hub, "health", RpcClient.params());
            channels = CommandContext.ask(hub, "channels.status", RpcClient.params());
        }
        if (context.options().isJson()) {
            ObjectNode all = RpcClient.params().put("url", address);
            all.setAll((ObjectNode) health);
            all.set("channels", channels.path("channels"));
            context.screen().json(all);
        } else {
            print(address, health, channels);
        }
        return (Fields.text(health, "status").equals("down") ? ExitCode.FAILED : ExitCode.DONE).number();
    }

    private void print(String address, JsonNode health, JsonNode channels) {
        String status = HarmlessText.line(Fields.text(health, "status"));
        Colour colour =
                switch (status) {
                    case "ok" -> Colour.GREEN;
                    case "degraded" -> Colour.YELLOW;
                    default -> Colour.RED;
                };
        context.screen()
                .line(context.screen().paint(colour, status) + "  " + address + "  Patchbay "
                        + HarmlessText.line(Fields.text(health, "version")));
        context.screen().line("");
        context.screen().table(ChannelsCommand.table(channels));
    }
}
