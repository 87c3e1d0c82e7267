package dev.meshdojo.gateway.route;

import com.google.protobuf.Any;
import dev.meshdojo.gateway.stream.InvalidConfigException;

/** Compiles the per-filter configuration that routes carry; implemented by the filter catalog. */
@FunctionalInterface
public interface FilterConfigs {

    /**
     * The compiled form of {@code config}, which the filter of that name gets back with the route
     * decision.
     *
     * @param filterName the key of {@code typed_per_filter_config}
     * @throws InvalidConfigException when no filter takes such a configuration
     */
    Object compile(String filterName, Any config);

    /** Stands in for the configuration of a filter that a route switches off. */
    record Disabled() {}

    /** Keeps protos as they are; for tables whose filters nobody runs. */
    static FilterConfigs uncompiled() {
        return (filterName, config) -> config;
    }
}
