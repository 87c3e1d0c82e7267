package dev.meshdojo.simulator.pilot.model;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.Locale;

/** The metadata {@code istio} that ties an xDS resource to the object it was made from. */
public final class ConfigMetadata {

    /** The namespace of Istio's metadata. */
    public static final String ISTIO = "istio";

    private ConfigMetadata() {}

    /** Metadata that names {@code object}. */
    public static Metadata of(KubeObject object) {
        return Metadata.newBuilder()
                .putFilterMetadata(
                        ISTIO, Struct.newBuilder().putFields("config", text(path(object))).build())
                .build();
    }

    /** The object's path, such as {@code /apis/networking.istio.io/v1/namespaces/a/gateway/b}. */
    public static String path(KubeObject object) {
        return "/apis/"
                + object.group()
                + "/v1/namespaces/"
                + object.namespace()
                + "/"
                + kebab(object.kind())
                + "/"
                + object.name();
    }

    /** A string value. */
    public static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    /** A boolean value. */
    public static Value flag(boolean flag) {
        return Value.newBuilder().setBoolValue(flag).build();
    }

    private static String kebab(String kind) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < kind.length(); i++) {
            if (i > 0 && Character.isUpperCase(kind.charAt(i))) {
                out.append('-');
            }
            out.append(kind.charAt(i));
        }
        return out.toString().toLowerCase(Locale.ROOT);
    }
}
