package dev.meshdojo.simulator.apiserver.model;

/**
 * Ties a group, version and kind to its definition.
 *
 * @param group API group; empty for the core group
 * @param version API version
 * @param kind CamelCase kind
 * @param definition full definition name
 */
public record KindDefinition(String group, String version, String kind, String definition) {}
