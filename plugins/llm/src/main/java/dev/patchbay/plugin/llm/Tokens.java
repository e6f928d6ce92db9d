package dev.patchbay.plugin.llm;

/** What a model has read and written. */
record Tokens(long input, long output) {
    static final Tokens NONE = new Tokens(0, 0);

    Tokens plus(Tokens more) {
        return new Tokens(input + more.input, output + more.output);
    }
}
