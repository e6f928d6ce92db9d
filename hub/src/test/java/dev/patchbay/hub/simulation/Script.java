package dev.patchbay.hub.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What people say and what agents answer to it; from an answer one can tell what it answers. */
final class Script {
    /** What a peer is told when there is no answer. */
    static final String APOLOGY = "Sorry, that did not work.";

    private static final String STOP = "/stop";

    private static final Pattern ANSWER = Pattern.compile("^\\S+ says (\\S+)\\.(\\d+) #\\d+.*", Pattern.DOTALL);

    private Script() {}

    /** What the text of an answer says it answers. */
    record Answered(String who, int index) {}

    /** Asks for something, or wants the answer that is being made to end. */
    static String question(String who, int index, Chance chance, double stops) {
        if (chance.happens(stops)) {
            return STOP + " " + who + "." + index;
        }
        String kind = chance.oneOf("plain", "plain", "plain", "long", "many", "silent");
        return who + "." + index + " " + kind;
    }

    static boolean isStop(String question) {
        return question.startsWith(STOP);
    }

    /** The messages of which an agent's answer to one or several questions consists; empty for silence. */
    static List<String> answer(String agent, String questions) {
        return questions
                .lines()
                .flatMap(each -> answerToOne(agent, each).stream())
                .toList();
    }

    private static List<String> answerToOne(String agent, String question) {
        String[] words = question.split(" ", 2);
        return switch (words[1]) {
            case "plain" -> List.of(said(agent, words[0], 1));
            case "long" -> List.of(said(agent, words[0], 1) + filler(words[0].length() * 7 % 60 + 20));
            case "many" ->
                IntStream.rangeClosed(1, 3)
                        .mapToObj(each -> said(agent, words[0], each))
                        .toList();
            default -> List.of();
        };
    }

    static Answered whatIsAnswered(String text) {
        Matcher answer = ANSWER.matcher(text);
        return answer.matches()
                ? new Answered(answer.group(1), Integer.parseInt(answer.group(2)))
                : new Answered("", -1);
    }

    /** Without white space, which may go where a text is cut. */
    static String bare(List<String> texts) {
        return String.join("", new ArrayList<>(texts)).replaceAll("\\s+", "");
    }

    private static String said(String agent, String question, int number) {
        return agent + " says " + question + " #" + number;
    }

    private static String filler(int words) {
        return IntStream.range(0, words).mapToObj(each -> " word" + each).collect(Collectors.joining());
    }
}
