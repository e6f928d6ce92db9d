package dev.patchbay.hub.recall;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which words find which lines. */
@Timeout(60)
class WordsFoundTest {
    private final Spoken spoken;

    WordsFoundTest(@TempDir Path folder) throws Exception {
        spoken = new Spoken(folder);
    }

    @AfterEach
    void close() {
        spoken.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        The trains were running late    | run
        The trains were running late    | TRAIN Late
        Two messages arrived            | message
        Das Café in der Straße          | cafe strasse
        Das Cafe in der Strasse         | Café Straße
        order 4711 shipped              | 4711
        id 01HZX3-77ab of yesterday     | 01hzx3-77AB
        see https://example.org/a/b.txt | example.org
        mail anna.b@example.org now     | anna.b@example.org
        mail anna.b@example.org now     | example
        foo_bar(baz)                    | bar
        don't panic                     | don't
        don’t panic                     | don't
        我喜欢北京烤鸭                         | 北京
        我喜欢北京烤鸭                         | 鸭
        我喜欢北京烤鸭                         | 我喜欢北京烤鸭
        新しいiPhone手机壳                     | iphone手机
        新しいiPhone手机壳                     | 手机壳
        きのうラーメンを食べました                   | ラーメン
        きのうラーメンを食べました                   | メン
        서울에서 만나요                        | 서울
        서울abc만                          | 울abc
        ภาษาไทยไม่มีช่องว่าง            | ไทย
        ＡＢＣ商店                           | abc商店
        привет, мир                     | МИР
        a 𠮷野家 b                         | 吉野家 𠮷
        a 𠮷野家 b                         | 𠮷野
        """)
    void theseAreFound(String line, String words) throws Exception {
        // Given
        spoken.say(line);
        spoken.keepUp();

        // When
        boolean isThere = !spoken.find(words).isEmpty();

        // Then
        assertThat(isThere).isEqualTo(!words.contains("吉"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        The trains were running late | train ship
        我喜欢北京烤鸭                      | 京北
        我喜欢北京烤鸭                      | 北烤
        我喜欢 北京                       | 欢北
        north pole                   | pole-north
        abcdef                       | abc
        """)
    void theseAreNot(String line, String words) throws Exception {
        // Given
        spoken.say(line);
        spoken.keepUp();

        // Then
        assertThat(spoken.find(words)).isEmpty();
    }

    @Test
    void everySubstringOfAChineseTextIsFound() throws Exception {
        // Given
        var random = new Random(5);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            var text = new StringBuilder();
            for (int length = 5 + random.nextInt(25); length > 0; length--) {
                int kind = random.nextInt(20);
                text.append(
                        switch (kind) {
                            case 0 -> "，";
                            case 1 -> "。";
                            case 2 -> "ab";
                            // Few characters, so that many texts share pairs.
                            default -> Character.toString(0x4E00 + random.nextInt(40));
                        });
            }
            texts.add(text.toString());
            spoken.say(text.toString());
        }
        spoken.keepUp();

        // Then
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            for (int from = 0; from < text.length(); from++) {
                for (int to = from + 1; to <= text.length(); to++) {
                    String part = text.substring(from, to);
                    boolean cutsAWord = text.startsWith("b", from) || text.startsWith("b", to);
                    if (!cutsAWord && part.codePoints().anyMatch(Character::isLetter)) {
                        assertThat(spoken.ids(part)).as("%s in %s", part, text).contains("m" + (i + 1));
                    }
                }
            }
        }
    }

    @Test
    void whatIsFoundInAChineseTextReallyStandsThere() throws Exception {
        // Given
        var random = new Random(6);
        for (int i = 0; i < 200; i++) {
            var text = new StringBuilder();
            for (int length = 5 + random.nextInt(40); length > 0; length--) {
                text.appendCodePoint(0x4E00 + random.nextInt(10));
            }
            spoken.say(text.toString());
        }
        spoken.keepUp();

        for (int i = 0; i < 300; i++) {
            // When
            var wanted = new StringBuilder();
            for (int length = 1 + random.nextInt(6); length > 0; length--) {
                wanted.appendCodePoint(0x4E00 + random.nextInt(10));
            }
            List<FoundLine> found = spoken.find(wanted.toString());

            // Then
            for (FoundLine each : found) {
                assertThat(each.snippet().replace("**", "")).contains(wanted);
                assertThat(each.snippet()).contains("**");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*:*",
                "",
                "   ",
                "\"",
                "?!()[]{}^~*",
                "🎉🎉",
                "\u0301\u0301",
                "。，",
                "+-&&||!",
                "\uD800",
                "\uD83D",
                "\u0000"
            })
    void marksAloneFindNothing(String query) throws Exception {
        // Given
        spoken.say("all is well, * and : and 🎉");
        spoken.keepUp();

        // Then
        assertThat(Wanted.of(query).isNothing() || spoken.find(query).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "all AND well",
                "NOT all",
                "all OR nothing",
                "text:all",
                "\"all is\" well",
                "all*",
                "(all",
                "all^2",
                "/al.*/",
                "al~2",
                "[a TO z]"
            })
    void noWordIsAnOperator(String query) throws Exception {
        // Given
        String line = spoken.say("It said " + query + " to me");
        spoken.say("something else, allow it");
        spoken.keepUp();

        // Then
        assertThat(spoken.ids(query)).containsExactly(line);
    }

    @Test
    void manyAndLongWordsAreBounded() throws Exception {
        // Given
        String file = "QUJD".repeat(5_000);
        String line = spoken.say("attached: " + file + " end");
        String many = spoken.say("word ".repeat(10_000));
        spoken.keepUp();

        // Then
        assertThat(spoken.ids(file)).containsExactly(line);
        assertThat(spoken.ids("end")).containsExactly(line);
        assertThat(spoken.ids("word ".repeat(10_000))).containsExactly(many);
        var distinct = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            distinct.append("w").append(i).append(' ');
        }
        assertThat(spoken.ids(distinct.toString())).isEmpty();
        assertThat(Wanted.of(distinct.toString()).runs()).hasSize(Wanted.RUNS_MAX);
        assertThat(spoken.ids("中".repeat(1_000))).isEmpty();
    }

    @Test
    void scoresFallAndAmongEqualsTheNewestIsFirst() throws Exception {
        // Given
        String old = spoken.say("tea with milk");
        String twice = spoken.say("tea, tea and again tea");
        String recent = spoken.say("tea with milk");
        spoken.keepUp();

        // When
        List<FoundLine> found = spoken.find("tea");

        // Then
        assertThat(found).extracting(FoundLine::messageId).containsExactly(twice, recent, old);
        assertThat(found.get(0).score()).isGreaterThan(found.get(1).score());
        assertThat(found.get(1).score()).isEqualTo(found.get(2).score());
    }

    @Test
    void linesOfAgentsThatTheAskerMayNotSeeAreNeverFound() throws Exception {
        // Given
        String mine = spoken.say("main", "anna", "the secret plan");
        spoken.say("other", "anna", "the secret plan");
        spoken.keepUp();

        // Then
        assertThat(spoken.findOf(Set.of("main", "third"), "secret"))
                .extracting(FoundLine::messageId)
                .containsExactly(mine);
        assertThat(spoken.findOf(Set.of("third"), "secret")).isEmpty();
    }
}
