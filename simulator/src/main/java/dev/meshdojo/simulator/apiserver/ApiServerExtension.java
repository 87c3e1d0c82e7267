package dev.meshdojo.simulator.apiserver;

/** A part of the API server that is added to it: admission, kinds, tables, paths. */
@FunctionalInterface
public interface ApiServerExtension {

    /** Registers at a server that is being started, before it listens. */
    void install(ExtensionPoints points);
}
