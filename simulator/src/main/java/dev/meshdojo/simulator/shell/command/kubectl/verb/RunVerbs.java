package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Manifests;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code run}, {@code expose} and {@code autoscale}. */
final class RunVerbs {

    static final List<Verb> VERBS =
            List.of(
                    Verb.of(
                            "run",
                            Writer.FLAGS
                                    + " image= env= port= labels:l= command restart= expose rm stdin:i tty:t"
                                    + " attach annotations= image-pull-policy= overrides= quiet:q"
                                    + " pod-running-timeout= privileged grace-period= override-type=",
                            RunVerbs::run),
                    Verb.of(
                            "expose",
                            Manifests.FLAGS
                                    + " "
                                    + Writer.FLAGS
                                    + " port= target-port= name= type= protocol= selector= labels:l="
                                    + " cluster-ip= external-ip= session-affinity= load-balancer-ip= overrides=",
                            RunVerbs::expose),
                    Verb.of(
                            "autoscale",
                            Manifests.FLAGS
                                    + " "
                                    + Writer.FLAGS
                                    + " min= max= cpu-percent= cpu= memory= name=",
                            RunVerbs::autoscale));

    private RunVerbs() {}

    private static int run(Session session) throws InterruptedException {
        Flags flags = session.flags();
        List<String> words = flags.arguments();
        if (words.isEmpty()) {
            throw KubectlException.usage("kubectl run", "NAME is required for run");
        }
        if (!flags.given("image")) {
            throw KubectlException.error("required flag(s) \"image\" not set");
        }
        if (flags.is("stdin") || flags.is("tty") || flags.is("attach") || flags.is("rm")) {
            throw KubectlException.error(
                    "run -i, -t, --attach and --rm need a terminal; start the pod, then use kubectl exec");
        }
        String name = words.getFirst();
        ObjectNode pod = Generators.object("v1", "Pod", name);
        ObjectNode labels = pod.withObject("/metadata").putObject("labels");
        pairs(flags.list("labels")).forEach(labels::put);
        if (labels.isEmpty()) {
            labels.put("run", name);
        }
        ObjectNode spec = pod.putObject("spec");
        ObjectNode container = spec.putArray("containers").addObject();
        container.put("image", flags.value("image")).put("name", name);
        List<String> rest = words.subList(1, words.size());
        if (!rest.isEmpty()) {
            ArrayNode list = container.putArray(flags.is("command") ? "command" : "args");
            rest.forEach(list::add);
        }
        for (Map.Entry<String, String> variable : pairs(flags.all("env")).entrySet()) {
            container
                    .withArray("env")
                    .addObject()
                    .put("name", variable.getKey())
                    .put("value", variable.getValue());
        }
        Integer port = flags.integer("port");
        if (port != null) {
            container.putArray("ports").addObject().put("containerPort", port);
        }
        container.putObject("resources");
        spec.put("dnsPolicy", "ClusterFirst");
        spec.put("restartPolicy", flags.value("restart", "Always"));
        pod.putObject("status");
        if (flags.is("expose")) {
            exposePod(session, name, pod, port);
        }
        CreateVerb.create(session, new CreateVerb.Generated(pod, ""));
        return 0;
    }

    private static void exposePod(
            Session session,
            String name,
            ObjectNode pod,
            @org.jspecify.annotations.Nullable Integer port)
            throws InterruptedException {
        if (port == null) {
            throw KubectlException.error("--port must be set when exposing a service");
        }
        ObjectNode service = Generators.object("v1", "Service", name);
        ObjectNode spec = service.putObject("spec");
        spec.putArray("ports")
                .addObject()
                .put("port", port)
                .put("protocol", "TCP")
                .put("targetPort", port);
        spec.set("selector", pod.path("metadata").path("labels").deepCopy());
        service.putObject("status").putObject("loadBalancer");
        CreateVerb.create(session, new CreateVerb.Generated(service, ""));
    }

    private static Map<String, String> pairs(List<String> texts) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw KubectlException.error(
                        "unexpected label spec: " + text + ", expected KEY=VALUE");
            }
            pairs.put(text.substring(0, equals), text.substring(equals + 1));
        }
        return pairs;
    }

    private static int expose(Session session) throws InterruptedException {
        Flags flags = session.flags();
        List<Targets.Found> found = Targets.fetch(session, Targets.of(session, flags.arguments()));
        if (found.isEmpty()) {
            throw KubectlException.error(
                    "You must provide one or more resources by argument or filename.");
        }
        for (Targets.Found one : found) {
            exposeOne(session, flags, one);
        }
        return 0;
    }

    private static void exposeOne(Session session, Flags flags, Targets.Found found)
            throws InterruptedException {
        JsonNode object = found.object();
        String kind = object.path("kind").asText();
        JsonNode spec = object.path("spec");
        ObjectNode selector = RestClient.JSON.createObjectNode();
        if (flags.given("selector")) {
            pairs(flags.list("selector")).forEach(selector::put);
        } else {
            JsonNode labels =
                    switch (kind) {
                        case "Deployment", "ReplicaSet" ->
                                spec.path("selector").path("matchLabels");
                        case "Service", "ReplicationController" -> spec.path("selector");
                        case "Pod" -> object.path("metadata").path("labels");
                        default -> throw KubectlException.error("cannot expose a " + kind);
                    };
            labels.properties().forEach(e -> selector.set(e.getKey(), e.getValue()));
        }
        if (selector.isEmpty()) {
            throw KubectlException.error(
                    "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed");
        }
        String name = flags.value("name", found.target().name());
        ObjectNode service = Generators.object("v1", "Service", name);
        JsonNode labels = object.path("metadata").path("labels");
        if (flags.given("labels")) {
            ObjectNode own = service.withObject("/metadata").putObject("labels");
            pairs(flags.list("labels")).forEach(own::put);
        } else if (!labels.isEmpty()) {
            service.withObject("/metadata").set("labels", labels.deepCopy());
        }
        ObjectNode body = service.putObject("spec");
        ports(flags, kind, spec, body.putArray("ports"));
        body.set("selector", selector);
        if (flags.given("type")) {
            body.put("type", flags.value("type"));
        }
        if (flags.given("cluster-ip")) {
            body.put("clusterIP", flags.value("cluster-ip"));
        }
        if (flags.given("session-affinity")) {
            body.put("sessionAffinity", flags.value("session-affinity"));
        }
        service.putObject("status").putObject("loadBalancer");
        exposed(session, service);
    }

    private static void exposed(Session session, ObjectNode service) throws InterruptedException {
        Writer writer = new Writer(session);
        service.withObject("/metadata").put("namespace", session.namespace());
        var target =
                new dev.meshdojo.simulator.shell.command.kubectl.cli.Target(
                        session.resource("services"),
                        session.namespace(),
                        service.path("metadata").path("name").asText());
        writer.tell(writer.create(target, service, "kubectl-expose"), "exposed");
    }

    private static void ports(Flags flags, String kind, JsonNode spec, ArrayNode ports) {
        String protocol = flags.value("protocol", "TCP");
        List<String> given = flags.list("port");
        if (!given.isEmpty()) {
            for (int i = 0; i < given.size(); i++) {
                ObjectNode port = ports.addObject();
                if (given.size() > 1) {
                    port.put("name", "port-" + (i + 1));
                }
                port.put("port", Integer.parseInt(given.get(i))).put("protocol", protocol);
                target(port, flags.value("target-port", given.get(i)));
            }
            return;
        }
        JsonNode pod = kind.equals("Pod") ? spec : spec.path("template").path("spec");
        int index = 0;
        for (JsonNode container : pod.path("containers")) {
            for (JsonNode declared : container.path("ports")) {
                index++;
                ObjectNode port = ports.addObject();
                String number = declared.path("containerPort").asText();
                port.put("name", "port-" + index);
                port.put("port", Integer.parseInt(number))
                        .put("protocol", declared.path("protocol").asText(protocol));
                target(port, flags.value("target-port", number));
            }
        }
        if (kind.equals("Service")) {
            spec.path("ports").forEach(p -> ports.add(p.deepCopy()));
        }
        if (ports.isEmpty()) {
            throw KubectlException.error("couldn't find port via --port flag or introspection");
        }
        if (ports.size() == 1) {
            ((ObjectNode) ports.get(0)).remove("name");
        }
    }

    private static void target(ObjectNode port, String target) {
        if (target.matches("\\d+")) {
            port.put("targetPort", Integer.parseInt(target));
        } else {
            port.put("targetPort", target);
        }
    }

    private static int autoscale(Session session) throws InterruptedException {
        Flags flags = session.flags();
        Integer max = flags.integer("max");
        if (max == null) {
            throw KubectlException.error("required flag(s) \"max\" not set");
        }
        Integer min = flags.integer("min");
        if (min != null && max < min) {
            throw KubectlException.error(
                    "--max=MAXPODS must be larger or equal to --min=MINPODS, max: "
                            + max
                            + ", min: "
                            + min);
        }
        for (Targets.Found found : Targets.fetch(session, Targets.of(session, flags.arguments()))) {
            String name = flags.value("name", found.target().name());
            ObjectNode object =
                    Generators.object("autoscaling/v2", "HorizontalPodAutoscaler", name);
            object.withObject("/metadata").put("namespace", session.namespace());
            ObjectNode spec = object.putObject("spec");
            spec.put("maxReplicas", max);
            if (min != null && min > 0) {
                spec.put("minReplicas", min);
            }
            ObjectNode reference = spec.putObject("scaleTargetRef");
            reference.put("apiVersion", found.target().resource().apiVersion());
            reference
                    .put("kind", found.target().resource().kind())
                    .put("name", found.target().name());
            String cpu = flags.value("cpu-percent", flags.value("cpu").replace("%", ""));
            if (!cpu.isEmpty()) {
                ObjectNode metric = spec.putArray("metrics").addObject().put("type", "Resource");
                ObjectNode resource = metric.putObject("resource").put("name", "cpu");
                resource.putObject("target")
                        .put("type", "Utilization")
                        .put("averageUtilization", Integer.parseInt(cpu));
            }
            Writer writer = new Writer(session);
            var target =
                    new dev.meshdojo.simulator.shell.command.kubectl.cli.Target(
                            session.resource("horizontalpodautoscalers"),
                            session.namespace(),
                            name);
            writer.tell(writer.create(target, object, "kubectl-autoscale"), "autoscaled");
        }
        return 0;
    }
}
