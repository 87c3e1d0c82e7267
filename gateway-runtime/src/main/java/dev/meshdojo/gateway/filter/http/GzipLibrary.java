package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;

/** The one compression library that this proxy has. */
final class GzipLibrary {

    private GzipLibrary() {}

    static void require(TypedExtensionConfig library, String type) {
        String url = library.getTypedConfig().getTypeUrl();
        String given = url.substring(url.lastIndexOf('/') + 1);
        if (!given.equals(type)) {
            throw new InvalidConfigException(
                    "Didn't find a registered implementation for '"
                            + library.getName()
                            + "' with type URL: '"
                            + given
                            + "'");
        }
    }
}
