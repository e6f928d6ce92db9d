package dev.patchbay.hub.recall;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/** What a character is to a search. */
enum Writings {
    /** Of a word that blanks or marks keep apart from others. */
    SPACED,
    /** Of a writing that puts no blanks between words: each character can be a word's beginning. */
    UNSPACED,
    /** An accent or another mark on the character before it. */
    MARK,
    /** Nobody looks for it. */
    OTHER;

    private static final Set<UnicodeScript> WITHOUT_BLANKS = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.HANGUL,
            UnicodeScript.BOPOMOFO,
            UnicodeScript.YI,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR,
            UnicodeScript.TIBETAN);

    /** Before Thai, all writings have blanks. */
    private static final int FIRST_UNSPACED = 0x0E00;

    static Writings of(int character) {
        if (character >= FIRST_UNSPACED && isUnspaced(character)) {
            return UNSPACED;
        }
        if (Character.isLetterOrDigit(character)) {
            return SPACED;
        }
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> MARK;
            default -> OTHER;
        };
    }

    private static boolean isUnspaced(int character) {
        return switch (character) {
            // Lengthening and voicing of kana, shared by two scripts.
            case 0x30FC, 0xFF70, 0x3099, 0x309A, 0x3006 -> true;
            default ->
                switch (Character.getType(character)) {
                    case Character.UPPERCASE_LETTER,
                            Character.LOWERCASE_LETTER,
                            Character.OTHER_LETTER,
                            Character.MODIFIER_LETTER,
                            Character.LETTER_NUMBER,
                            Character.DECIMAL_DIGIT_NUMBER,
                            Character.OTHER_SYMBOL,
                            Character.NON_SPACING_MARK,
                            Character.COMBINING_SPACING_MARK -> WITHOUT_BLANKS.contains(UnicodeScript.of(character));
                    default -> false;
                };
        };
    }
}
