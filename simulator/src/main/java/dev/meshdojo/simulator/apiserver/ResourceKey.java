package dev.meshdojo.simulator.apiserver;

/**
 * Names one object independent of version.
 *
 * @param group API group; empty for the core group
 * @param plural the resource's name in URLs
 * @param namespace empty for cluster-scoped objects
 * @param name the object's name
 */
public record ResourceKey(String group, String plural, String namespace, String name) {}
