package dev.patchbay.plugin.llm;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.patchbay.api.Turn;

/** Something that a model may call. Safe for many threads. */
interface Tool {

    /** As the model sees it. */
    ToolSpecification declared();

    /**
     * Calls it. What goes wrong is an answer, too: the model is told.
     *
     * @param arguments JSON, as the model has written it
     */
    String call(String arguments, Turn turn) throws InterruptedException;
}
