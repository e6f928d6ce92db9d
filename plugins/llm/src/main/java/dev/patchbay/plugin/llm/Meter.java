package dev.patchbay.plugin.llm;

/** Counts what one turn has read and written, also where it then failed. Safe for many threads. */
final class Meter {
    private Tokens total = Tokens.NONE;

    synchronized void spent(Tokens tokens) {
        total = total.plus(tokens);
    }

    synchronized Tokens total() {
        return total;
    }
}
