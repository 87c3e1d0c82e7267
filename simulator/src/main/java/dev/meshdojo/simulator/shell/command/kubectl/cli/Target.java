package dev.meshdojo.simulator.shell.command.kubectl.cli;

import dev.meshdojo.simulator.shell.command.kubectl.rest.Resource;

/**
 * What a command is about.
 *
 * @param resource the kind
 * @param namespace empty for all, or for kinds without one
 * @param name empty for a whole collection
 */
public record Target(Resource resource, String namespace, String name) {

    /** Its path. */
    public String path() {
        return name.isEmpty() ? resource.path(namespace) : resource.path(namespace, name);
    }
}
