package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.print.GoJson;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import dev.meshdojo.simulator.shell.command.kubectl.rest.TrustMaterial;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** ConfigMaps and Secrets from literals and files. */
final class ConfigGenerators {

    private ConfigGenerators() {}

    static CreateVerb.Generated configMap(Session session, String name) {
        ObjectNode object = Generators.object("v1", "ConfigMap", name);
        data(session)
                .forEach(
                        (key, value) -> {
                            if (isText(value)) {
                                object.withObject("/data")
                                        .put(key, new String(value, StandardCharsets.UTF_8));
                            } else {
                                object.withObject("/binaryData")
                                        .put(key, Base64.getEncoder().encodeToString(value));
                            }
                        });
        return new CreateVerb.Generated(object, "configmap:");
    }

    static CreateVerb.Generated secret(Session session, List<String> words) {
        String sub = words.size() > 1 ? words.get(1) : "";
        return switch (sub) {
            case "generic" -> {
                ObjectNode object =
                        Generators.object(
                                "v1", "Secret", Generators.name("secret generic", words, 2));
                encode(object, data(session));
                if (session.flags().given("type")) {
                    object.put("type", session.flags().value("type"));
                }
                yield new CreateVerb.Generated(object, "secret");
            }
            case "tls" -> tls(session, Generators.name("secret tls", words, 2));
            case "docker-registry" ->
                    registry(session, Generators.name("secret docker-registry", words, 2));
            default ->
                    throw KubectlException.error(
                            "unknown command \""
                                    + sub
                                    + "\"; there are generic, tls and docker-registry\nSee 'kubectl create secret -h' for help and examples");
        };
    }

    private static void encode(ObjectNode object, Map<String, byte[]> data) {
        data.forEach(
                (k, v) -> object.withObject("/data").put(k, Base64.getEncoder().encodeToString(v)));
    }

    private static CreateVerb.Generated tls(Session session, String name) {
        Flags flags = session.flags();
        if (!flags.given("cert") || !flags.given("key")) {
            throw KubectlException.error("key and cert must be specified");
        }
        byte[] certificate = pem(session, flags.value("cert"));
        byte[] key = pem(session, flags.value("key"));
        if (!new String(certificate, StandardCharsets.UTF_8).contains("-----BEGIN ")) {
            throw KubectlException.error("tls: failed to find any PEM data in certificate input");
        }
        if (!new String(key, StandardCharsets.UTF_8).contains("-----BEGIN ")) {
            throw KubectlException.error("tls: failed to find any PEM data in key input");
        }
        try {
            TrustMaterial.context(null, certificate, key, false);
        } catch (IOException e) {
            throw KubectlException.error("tls: " + e.getMessage());
        }
        ObjectNode object = Generators.object("v1", "Secret", name);
        TreeMap<String, byte[]> data = new TreeMap<>();
        data.put("tls.crt", certificate);
        data.put("tls.key", key);
        encode(object, data);
        object.put("type", "kubernetes.io/tls");
        return new CreateVerb.Generated(object, "secret");
    }

    private static byte[] pem(Session session, String name) {
        try {
            return Files.readAllBytes(session.file(name));
        } catch (IOException e) {
            throw KubectlException.error(
                    "Cannot read file " + name + ", open " + name + ": no such file or directory");
        }
    }

    private static CreateVerb.Generated registry(Session session, String name) {
        Flags flags = session.flags();
        String user = flags.value("docker-username");
        String password = flags.value("docker-password");
        if (user.isEmpty() || password.isEmpty()) {
            throw KubectlException.error(
                    "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required");
        }
        ObjectNode config = RestClient.JSON.createObjectNode();
        ObjectNode entry =
                config.putObject("auths")
                        .putObject(flags.value("docker-server", "https://index.docker.io/v1/"));
        entry.put("username", user).put("password", password);
        if (flags.given("docker-email")) {
            entry.put("email", flags.value("docker-email"));
        }
        entry.put(
                "auth",
                Base64.getEncoder()
                        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
        ObjectNode object = Generators.object("v1", "Secret", name);
        object.putObject("data")
                .put(
                        ".dockerconfigjson",
                        Base64.getEncoder()
                                .encodeToString(
                                        GoJson.compact(config).getBytes(StandardCharsets.UTF_8)));
        object.put("type", "kubernetes.io/dockerconfigjson");
        return new CreateVerb.Generated(object, "secret");
    }

    private static Map<String, byte[]> data(Session session) {
        Flags flags = session.flags();
        TreeMap<String, byte[]> data = new TreeMap<>();
        for (String literal : flags.all("from-literal")) {
            int equals = literal.indexOf('=');
            if (equals <= 0) {
                throw KubectlException.error(
                        "invalid literal source " + literal + ", expected key=value");
            }
            String value = literal.substring(equals + 1);
            data.put(literal.substring(0, equals), value.getBytes(StandardCharsets.UTF_8));
        }
        for (String source : flags.all("from-file")) {
            file(session, source, data);
        }
        for (String source : flags.all("from-env-file")) {
            environment(session, source, data);
        }
        return data;
    }

    private static void file(Session session, String source, Map<String, byte[]> data) {
        int equals = source.indexOf('=');
        String name = source.substring(equals + 1);
        Path path = session.file(name);
        try {
            if (Files.isDirectory(path) && equals < 0) {
                try (Stream<Path> files = Files.list(path)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        data.put(file.getFileName().toString(), Files.readAllBytes(file));
                    }
                }
                return;
            }
            String key =
                    equals < 0 ? String.valueOf(path.getFileName()) : source.substring(0, equals);
            data.put(key, Files.readAllBytes(path));
        } catch (IOException e) {
            throw KubectlException.error("error reading " + name + ": no such file or directory");
        }
    }

    private static void environment(Session session, String name, Map<String, byte[]> data) {
        try {
            for (String line : Files.readAllLines(session.file(name))) {
                String text = line.stripLeading();
                if (text.isEmpty() || text.startsWith("#")) {
                    continue;
                }
                int equals = text.indexOf('=');
                String key = equals < 0 ? text : text.substring(0, equals);
                String value =
                        equals < 0
                                ? session.invocation().environment().getOrDefault(key, "")
                                : text.substring(equals + 1);
                data.put(key, value.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw KubectlException.error("error reading " + name + ": no such file or directory");
        }
    }

    private static boolean isText(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)) != null;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
