package dev.meshdojo.simulator.apiserver.builtin.validation;

import java.util.ArrayList;
import java.util.List;

/** Volumes that put several things at one path, or nothing at all. */
final class VolumePathWarnings {

    private record Placed(String path, String source) {
        String shown() {
            return source.isEmpty() ? "\"" + path + "\"" : "\"" + path + "\" (" + source + ")";
        }

        boolean overlaps(Placed other) {
            String mine = path + "/";
            String theirs = other.path + "/";
            return mine.startsWith(theirs) || theirs.startsWith(mine);
        }
    }

    private VolumePathWarnings() {}

    static void check(At volumes, List<String> warnings) {
        for (At volume : volumes.items()) {
            String name = volume.get("name").text();
            At config = volume.get("configMap");
            one(name, "ConfigMap \"" + config.get("name").text() + "\"", config, warnings);
            At secret = volume.get("secret");
            one(name, "Secret \"" + secret.get("secretName").text() + "\"", secret, warnings);
            one(name, "DownwardAPI", volume.get("downwardAPI"), warnings);
            projected(name, volume.get("projected", "sources"), warnings);
        }
    }

    private static void one(String volume, String what, At source, List<String> warnings) {
        List<Placed> placed = new ArrayList<>();
        for (At item : source.get("items").items()) {
            place(placed, new Placed(trimmed(item.get("path")), ""), volume, what, warnings);
        }
    }

    private static void projected(String volume, At sources, List<String> warnings) {
        List<Placed> placed = new ArrayList<>();
        for (At source : sources.items()) {
            if (source.empty()) {
                warnings.add("volume \"" + volume + "\" (Projected) has no sources provided");
            }
            for (Placed each : paths(source)) {
                place(placed, each, volume, "Projected", warnings);
            }
        }
    }

    private static List<Placed> paths(At source) {
        List<Placed> paths = new ArrayList<>();
        for (String field : List.of("configMap", "secret", "downwardAPI")) {
            At part = source.get(field);
            String what =
                    switch (field) {
                        case "configMap" -> "ConfigMap \"" + part.get("name").text() + "\"";
                        case "secret" -> "Secret \"" + part.get("name").text() + "\"";
                        default -> "DownwardAPI";
                    };
            part.get("items").items().forEach(item -> paths.add(at(item.get("path"), what)));
        }
        At token = source.get("serviceAccountToken", "path");
        if (token.set()) {
            paths.add(at(token, "ServiceAccountToken"));
        }
        At bundle = source.get("clusterTrustBundle");
        if (bundle.set()) {
            At name = bundle.get("name").set() ? bundle.get("name") : bundle.get("signerName");
            paths.add(at(bundle.get("path"), "ClusterTrustBundle \"" + name.text() + "\""));
        }
        return paths;
    }

    private static Placed at(At path, String source) {
        return new Placed(trimmed(path), source);
    }

    private static String trimmed(At path) {
        String text = path.text();
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }

    private static void place(
            List<Placed> placed, Placed next, String volume, String what, List<String> warnings) {
        for (Placed other : placed) {
            if (!next.path().isEmpty() && !other.path().isEmpty() && next.overlaps(other)) {
                warnings.add(
                        "volume \""
                                + volume
                                + "\" ("
                                + what
                                + "): overlapping paths: "
                                + next.shown()
                                + " with "
                                + other.shown());
            }
        }
        placed.add(next);
    }
}
