package dev.patchbay.hub.routing;

/** What an agent may be called: {@code [a-z0-9][a-z0-9_-]{0,63}}. */
public final class AgentIds {
    private static final int LENGTH_MAX = 64;

    private AgentIds() {}

    /** True if this is an agent id as it stands. */
    public static boolean isValid(String id) {
        if (id.isEmpty() || id.length() > LENGTH_MAX || !isLetterOrDigit(id.charAt(0))) {
            return false;
        }
        for (int i = 1; i < id.length(); i++) {
            char c = id.charAt(i);
            if (!isLetterOrDigit(c) && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    /**
     * The id itself.
     *
     * @throws IllegalArgumentException if it is no agent id; the message says what one looks like
     */
    public static String check(String id) {
        if (!isValid(id)) {
            throw new IllegalArgumentException("agent id \"" + Shown.text(id)
                    + "\" is not allowed; write a-z, 0-9, _ and -, beginning with a letter or digit, at most "
                    + LENGTH_MAX
                    + " characters");
        }
        return id;
    }

    /**
     * The id that another hub's spelling stands for: in lower case, each run of other characters a dash, no dashes around;
     * blank means {@code main}. Only ASCII letters have a lower case here, so that no two alphabets meet in one id.
     *
     * @throws IllegalArgumentException if nothing usable is left or it is too long: cutting could make two agents one
     */
    public static String ofForeign(String spelling) {
        String cut = Blanks.cut(spelling);
        if (cut.isEmpty()) {
            return "main";
        }
        if (isValid(cut)) {
            return cut;
        }
        var id = new StringBuilder();
        for (int i = 0; i < cut.length() && id.length() <= LENGTH_MAX; i++) {
            char c = cut.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                id.append((char) (c + ('a' - 'A')));
            } else if (isLetterOrDigit(c) || c == '_' || c == '-') {
                id.append(c);
            } else if (!id.isEmpty() && id.charAt(id.length() - 1) != '-') {
                id.append('-');
            }
        }
        return check(withoutDashesAround(id.toString()));
    }

    private static String withoutDashesAround(String id) {
        int start = 0;
        int end = id.length();
        while (start < end && id.charAt(start) == '-') {
            start++;
        }
        while (end > start && id.charAt(end - 1) == '-') {
            end--;
        }
        return id.substring(start, end);
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
}
