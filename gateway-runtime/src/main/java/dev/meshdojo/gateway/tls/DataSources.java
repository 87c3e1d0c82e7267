package dev.meshdojo.gateway.tls;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that configuration gives inline, by file or by environment. */
public final class DataSources {

    private DataSources() {}

    /**
     * The bytes; empty when the source says nothing. Reads files, so not for event loops.
     *
     * @throws InvalidConfigException when a file or variable is missing
     */
    public static byte[] read(DataSource source) {
        return switch (source.getSpecifierCase()) {
            case INLINE_BYTES -> source.getInlineBytes().toByteArray();
            case INLINE_STRING -> source.getInlineString().getBytes(StandardCharsets.UTF_8);
            case FILENAME -> file(source.getFilename());
            case ENVIRONMENT_VARIABLE -> {
                String value = System.getenv(source.getEnvironmentVariable());
                if (value == null) {
                    throw new InvalidConfigException(
                            "Environment variable doesn't exist: "
                                    + source.getEnvironmentVariable());
                }
                yield value.getBytes(StandardCharsets.UTF_8);
            }
            case SPECIFIER_NOT_SET -> new byte[0];
        };
    }

    private static byte[] file(String name) {
        try {
            return Files.readAllBytes(Path.of(name));
        } catch (IOException e) {
            throw new InvalidConfigException("file " + name + " does not exist");
        }
    }
}
