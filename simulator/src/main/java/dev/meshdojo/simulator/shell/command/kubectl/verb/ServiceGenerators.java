package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Services and Ingresses. */
final class ServiceGenerators {

    private static final Pattern RULE =
            Pattern.compile("([^/]*)(/[^=]*)=([^:]+):([^,]+)(?:,(tls)(?:=(.*))?)?");

    private ServiceGenerators() {}

    static CreateVerb.Generated service(Session session, List<String> words) {
        String sub = words.size() > 1 ? words.get(1) : "";
        String type =
                switch (sub) {
                    case "clusterip" -> "ClusterIP";
                    case "nodeport" -> "NodePort";
                    case "loadbalancer" -> "LoadBalancer";
                    case "externalname" -> "ExternalName";
                    default ->
                            throw KubectlException.error(
                                    "unknown command \""
                                            + sub
                                            + "\"; there are clusterip, externalname, loadbalancer and nodeport\nSee 'kubectl create service -h' for help and examples");
                };
        String name = Generators.name("service " + sub, words, 2);
        Flags flags = session.flags();
        ObjectNode object = Generators.object("v1", "Service", name);
        object.withObject("/metadata").putObject("labels").put("app", name);
        ObjectNode spec = object.putObject("spec");
        boolean none = flags.value("clusterip").equals("None");
        List<String> ports = flags.list("tcp");
        if (ports.isEmpty() && !none && !type.equals("ExternalName")) {
            throw KubectlException.error("at least one tcp port specifier must be provided");
        }
        if (flags.given("clusterip")) {
            spec.put("clusterIP", flags.value("clusterip"));
        }
        if (type.equals("ExternalName")) {
            spec.put("externalName", flags.value("external-name"));
        }
        ArrayNode list = RestClient.JSON.createArrayNode();
        for (String port : ports) {
            list.add(port(port, flags));
        }
        if (!list.isEmpty()) {
            spec.set("ports", list);
        }
        spec.putObject("selector").put("app", name);
        spec.put("type", type);
        object.putObject("status").putObject("loadBalancer");
        return new CreateVerb.Generated(object, type + " service:");
    }

    private static ObjectNode port(String text, Flags flags) {
        String[] parts = text.split(":", 2);
        if (!parts[0].matches("\\d+")) {
            throw KubectlException.error("invalid port specified: " + text);
        }
        ObjectNode port = RestClient.JSON.createObjectNode();
        int number = Integer.parseInt(parts[0]);
        port.put("name", text.replace(':', '-')).put("port", number).put("protocol", "TCP");
        String target = parts.length > 1 ? parts[1] : parts[0];
        if (target.matches("\\d+")) {
            port.put("targetPort", Integer.parseInt(target));
        } else {
            port.put("targetPort", target);
        }
        Integer nodePort = flags.integer("node-port");
        if (nodePort != null && nodePort > 0) {
            port.put("nodePort", nodePort);
        }
        return port;
    }

    static CreateVerb.Generated ingress(Session session, String name) {
        Flags flags = session.flags();
        ObjectNode object = Generators.object("networking.k8s.io/v1", "Ingress", name);
        ObjectNode spec = object.putObject("spec");
        if (flags.given("class")) {
            spec.put("ingressClassName", flags.value("class"));
        }
        if (flags.given("default-backend")) {
            String[] parts = flags.value("default-backend").split(":", 2);
            backend(spec.putObject("defaultBackend"), parts[0], parts.length > 1 ? parts[1] : "");
        }
        if (!flags.given("rule") && !flags.given("default-backend")) {
            throw KubectlException.error(
                    "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)");
        }
        Map<String, ArrayNode> hosts = new LinkedHashMap<>();
        ArrayNode tls = RestClient.JSON.createArrayNode();
        for (String text : flags.all("rule")) {
            rule(text, hosts, tls);
        }
        if (!hosts.isEmpty()) {
            ArrayNode rules = spec.putArray("rules");
            hosts.forEach(
                    (host, paths) -> {
                        ObjectNode rule = rules.addObject();
                        if (!host.isEmpty()) {
                            rule.put("host", host);
                        }
                        rule.putObject("http").set("paths", paths);
                    });
        }
        if (!tls.isEmpty()) {
            spec.set("tls", tls);
        }
        object.putObject("status").putObject("loadBalancer");
        return new CreateVerb.Generated(object, "ingress:");
    }

    private static void rule(String text, Map<String, ArrayNode> hosts, ArrayNode tls) {
        Matcher matcher = RULE.matcher(text);
        if (!matcher.matches()) {
            throw KubectlException.error(
                    "rule "
                            + text
                            + " is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]");
        }
        String host = matcher.group(1);
        String path = matcher.group(2);
        ObjectNode entry =
                hosts.computeIfAbsent(host, h -> RestClient.JSON.createArrayNode()).addObject();
        backend(entry.putObject("backend"), matcher.group(3), matcher.group(4));
        boolean prefix = path.endsWith("*");
        entry.put("path", prefix ? path.substring(0, path.length() - 1) : path);
        entry.put("pathType", prefix ? "Prefix" : "Exact");
        if (matcher.group(5) != null) {
            ObjectNode secret = tls.addObject();
            if (!host.isEmpty()) {
                secret.putArray("hosts").add(host);
            }
            if (matcher.group(6) != null) {
                secret.put("secretName", matcher.group(6));
            }
        }
    }

    private static void backend(ObjectNode backend, String service, String port) {
        ObjectNode reference = backend.putObject("service").put("name", service);
        ObjectNode number = reference.putObject("port");
        if (port.matches("\\d+")) {
            number.put("number", Integer.parseInt(port));
        } else {
            number.put("name", port);
        }
    }
}
