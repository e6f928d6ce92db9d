/** Agents that are language models: OpenAI-compatible servers, Anthropic, Ollama; with tools of MCP servers. */
@NullMarked
package dev.patchbay.plugin.llm;

import org.jspecify.annotations.NullMarked;
