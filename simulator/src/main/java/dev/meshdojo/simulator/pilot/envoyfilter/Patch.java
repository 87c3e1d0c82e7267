package dev.meshdojo.simulator.pilot.envoyfilter;

import com.google.protobuf.Message;
import dev.meshdojo.simulator.pilot.model.JsonView;

/**
 * One patch of an EnvoyFilter.
 *
 * @param applyTo what it is applied to, as written
 * @param operation what it does, as written
 * @param match {@code match}; absent for everything
 * @param value the message of the type that {@code applyTo} stands for
 */
record Patch(String applyTo, String operation, JsonView match, Message value) {

    boolean is(String name) {
        return operation.equals(name);
    }

    /** What it says of listeners; absent for all of them. */
    JsonView listener() {
        return match.at("listener");
    }

    /** What it says of filter chains; absent for all of them. */
    JsonView chain() {
        return listener().at("filterChain");
    }

    /** What it says of network filters; absent for all of them. */
    JsonView networkFilter() {
        return chain().at("filter");
    }

    /** What it says of HTTP filters; absent for all of them. */
    JsonView httpFilter() {
        return networkFilter().at("subFilter");
    }

    /** What it says of route tables; absent for all of them. */
    JsonView table() {
        return match.at("routeConfiguration");
    }

    /** What it says of virtual hosts; absent for all of them. */
    JsonView virtualHost() {
        return table().at("vhost");
    }

    /** What it says of routes; absent for all of them. */
    JsonView route() {
        return virtualHost().at("route");
    }
}
