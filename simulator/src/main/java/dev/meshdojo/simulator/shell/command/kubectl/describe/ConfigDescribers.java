package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;

/** ConfigMaps, Secrets and service accounts. */
final class ConfigDescribers {

    private ConfigDescribers() {}

    private static java.util.SortedMap<String, String> sorted(JsonNode map) {
        TreeMap<String, String> sorted = new TreeMap<>();
        map.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
        return sorted;
    }

    private static int size(String base64) {
        return Base64.getDecoder().decode(base64).length;
    }

    static void configMap(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        out.head(object);
        out.raw("\nData\n====\n");
        sorted(object.path("data")).forEach((k, v) -> out.raw(k + ":\n----\n" + v + "\n\n"));
        out.raw("\nBinaryData\n====\n");
        sorted(object.path("binaryData"))
                .forEach((k, v) -> out.raw(k + ": " + size(v) + " bytes\n"));
        out.raw("\n");
        EventList.write(object, source, out);
    }

    static void secret(JsonNode object, DescribeSource source, Description out) {
        out.head(object);
        out.raw("\nType:\t" + object.path("type").asText() + "\n");
        out.raw("\nData\n====\n");
        boolean token = object.path("type").asText().equals("kubernetes.io/service-account-token");
        sorted(object.path("data"))
                .forEach(
                        (k, v) -> {
                            boolean shown = token && k.equals("token");
                            String text =
                                    shown
                                            ? new String(
                                                    Base64.getDecoder().decode(v),
                                                    java.nio.charset.StandardCharsets.UTF_8)
                                            : size(v) + " bytes";
                            out.raw(k + ":\t" + text + "\n");
                        });
    }

    static void serviceAccount(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        out.head(object);
        names(object.path("imagePullSecrets"), "Image pull secrets", out);
        if (!object.path("secrets").isEmpty()) {
            names(object.path("secrets"), "Mountable secrets", out);
        }
        EventList.write(object, source, out);
    }

    private static void names(JsonNode references, String title, Description out) {
        List<String> names = new ArrayList<>();
        references.forEach(r -> names.add(r.path("name").asText()));
        if (names.isEmpty()) {
            out.field(0, title, "<none>");
            return;
        }
        for (int i = 0; i < names.size(); i++) {
            out.line(0, (i == 0 ? title + ":" : "") + "\t" + names.get(i));
        }
    }
}
