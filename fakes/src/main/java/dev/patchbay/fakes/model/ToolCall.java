package dev.patchbay.fakes.model;

/**
 * A tool that the model wants to be called.
 *
 * @param arguments JSON
 */
public record ToolCall(String name, String arguments) {}
