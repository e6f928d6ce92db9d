package dev.patchbay.plugin.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A tool server that does what its tools are called; as a process of its own, or behind HTTP. */
final class ToolServerMain {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TOOLS =
            List.of("add", "environment", "die", "hang", "flood", "lie", "big", "fail");

    private ToolServerMain() {}

    static List<String> command() {
        return List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ToolServerMain.class.getName());
    }

    public static void main(String[] arguments) throws IOException {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        out.println("Welcome! This line is no message.");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode message = JSON.readTree(line);
            switch (message.path("params").path("name").asText()) {
                case "die" -> System.exit(3);
                case "hang" -> {}
                case "flood" -> {
                    while (!out.checkError()) {
                        out.println(
                                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":\"x\"}}");
                    }
                }
                case "lie" -> out.println("{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + ",\"result\":42}");
                default -> answer(message).ifPresent(out::println);
            }
        }
    }

    /** Empty for a notification. */
    static Optional<String> answer(JsonNode message) {
        if (!message.has("id")) {
            return Optional.empty();
        }
        ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", message.path("id"));
        ObjectNode result = answer.putObject("result");
        switch (message.path("method").asText()) {
            case "initialize" -> {
                result.set("protocolVersion", message.path("params").path("protocolVersion"));
                result.putObject("capabilities").putObject("tools");
                result.putObject("serverInfo").put("name", "test").put("version", "1");
            }
            case "tools/list" -> list(result.putArray("tools"));
            case "tools/call" ->
                call(
                        message.path("params").path("name").asText(),
                        message.path("params").path("arguments"),
                        result);
            default -> {}
        }
        return Optional.of(answer.toString());
    }

    private static void list(ArrayNode tools) {
        for (String name : TOOLS) {
            ObjectNode schema = tools.addObject()
                    .put("name", name)
                    .put("description", "Does " + name)
                    .putObject("inputSchema")
                    .put("type", "object");
            ObjectNode properties = schema.putObject("properties");
            properties.putObject("a").put("type", "integer").put("minimum", 1);
            properties.putObject("b").put("type", "integer");
        }
    }

    private static void call(String name, JsonNode arguments, ObjectNode result) {
        String text =
                switch (name) {
                    case "add" ->
                        String.valueOf(arguments.path("a").asInt()
                                + arguments.path("b").asInt());
                    case "environment" ->
                        String.join(",", new TreeSet<>(System.getenv().keySet()));
                    case "big" -> "x".repeat(1_000_000);
                    default -> "this went wrong";
                };
        result.putArray("content").addObject().put("type", "text").put("text", text);
        result.put("isError", name.equals("fail"));
    }
}
