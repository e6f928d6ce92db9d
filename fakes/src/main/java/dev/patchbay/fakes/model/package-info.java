/** A stand-in for servers of language models: OpenAI's, Anthropic's and Ollama's ways of speaking, and every kind of trouble. */
@NullMarked
package dev.patchbay.fakes.model;

import org.jspecify.annotations.NullMarked;
