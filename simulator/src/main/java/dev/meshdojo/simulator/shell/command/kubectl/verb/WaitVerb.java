package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.GoDuration;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Manifests;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Output;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Target;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.print.JsonPath;
import dev.meshdojo.simulator.shell.command.kubectl.print.JsonPathException;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code kubectl wait}. */
final class WaitVerb {

    static final Verb VERB =
            Verb.of(
                    "wait",
                    Manifests.FLAGS
                            + " "
                            + Output.FLAGS
                            + " for= timeout= selector:l= field-selector= all all-namespaces:A local",
                    WaitVerb::run);

    private final Session session;
    private final Flags flags;
    private final Duration limit;

    private WaitVerb(Session session) {
        this.session = session;
        this.flags = session.flags();
        Duration given = GoDuration.parse(flags, "timeout", "30s");
        this.limit = given.isNegative() ? Duration.ofDays(7) : given;
    }

    /** What is waited for. */
    @FunctionalInterface
    private interface Condition {
        boolean met(JsonNode object);
    }

    private static int run(Session session) throws InterruptedException {
        return new WaitVerb(session).run();
    }

    private int run() throws InterruptedException {
        String what = flags.value("for");
        Condition condition = condition(what);
        boolean delete = what.toLowerCase(Locale.ROOT).equals("delete");
        List<Target> targets = Targets.of(session, flags.arguments());
        if (targets.isEmpty()) {
            throw KubectlException.error(
                    "arguments in resource/name form may not have more than one slash");
        }
        if (what.equals("create")) {
            return created(targets);
        }
        List<Target> objects = expand(targets, delete);
        if (objects.isEmpty()) {
            if (delete) {
                return 0;
            }
            throw KubectlException.error("no matching resources found");
        }
        StringBuilder errors = new StringBuilder();
        for (Target target : objects) {
            String late = one(target, condition, delete);
            if (!late.isEmpty()) {
                errors.append(late);
            }
        }
        session.err().print(errors);
        return errors.isEmpty() ? 0 : 1;
    }

    private List<Target> expand(List<Target> targets, boolean delete) throws InterruptedException {
        List<Target> objects = new ArrayList<>();
        for (Target target : targets) {
            if (delete && !target.name().isEmpty()) {
                if (Targets.exists(session, target)) {
                    objects.add(target);
                }
            } else {
                Targets.fetch(session, List.of(target)).forEach(f -> objects.add(f.target()));
            }
        }
        return objects;
    }

    private int created(List<Target> targets) throws InterruptedException {
        for (Target target : targets) {
            boolean there = Polling.until(session, limit, () -> !found(target).isEmpty());
            if (!there) {
                throw KubectlException.error("timed out waiting for the condition");
            }
            for (Targets.Found one : found(target)) {
                session.println(Output.name(one.object()) + " condition met");
            }
        }
        return 0;
    }

    private List<Targets.Found> found(Target target) throws InterruptedException {
        try {
            return Targets.fetch(session, List.of(target));
        } catch (StatusException e) {
            if (e.code() == 404) {
                return List.of();
            }
            throw e;
        }
    }

    private String one(Target target, Condition condition, boolean delete)
            throws InterruptedException {
        JsonNode[] last = {MissingNode.getInstance()};
        boolean met =
                Polling.until(
                        session,
                        limit,
                        () -> {
                            List<Targets.Found> now = found(target);
                            last[0] =
                                    now.isEmpty()
                                            ? MissingNode.getInstance()
                                            : now.getFirst().object();
                            return delete
                                    ? now.isEmpty()
                                    : !now.isEmpty() && condition.met(last[0]);
                        });
        if (!met) {
            return "error: timed out waiting for the condition on "
                    + target.resource().plural()
                    + "/"
                    + target.name()
                    + "\n";
        }
        session.println(target.resource().groupKind() + "/" + target.name() + " condition met");
        return "";
    }

    private Condition condition(String what) {
        if (what.equalsIgnoreCase("delete") || what.equals("create")) {
            return object -> false;
        }
        if (what.startsWith("condition=")) {
            String[] parts = what.substring("condition=".length()).split("=", 2);
            String wanted = parts.length > 1 ? parts[1] : "true";
            return object -> conditionIs(object, parts[0], wanted);
        }
        if (what.startsWith("jsonpath=")) {
            return jsonPath(what.substring("jsonpath=".length()));
        }
        throw KubectlException.error("unrecognized condition: \"" + what + "\"");
    }

    private static boolean conditionIs(JsonNode object, String type, String wanted) {
        for (JsonNode condition : object.path("status").path("conditions")) {
            if (!condition.path("type").asText().equalsIgnoreCase(type)) {
                continue;
            }
            long generation = object.path("metadata").path("generation").asLong();
            long observed =
                    condition.has("observedGeneration")
                            ? condition.path("observedGeneration").asLong()
                            : object.path("status").path("observedGeneration").asLong(generation);
            return observed >= generation
                    && condition.path("status").asText().equalsIgnoreCase(wanted);
        }
        return false;
    }

    private static Condition jsonPath(String text) {
        int close = text.lastIndexOf('}');
        int equals = close >= 0 ? text.indexOf('=', close) : text.indexOf('=');
        String expression = equals < 0 ? text : text.substring(0, equals);
        String wanted =
                equals < 0 ? null : text.substring(equals + 1).replaceAll("^(['\"])(.*)\\1$", "$2");
        if (wanted != null && wanted.isEmpty()) {
            throw KubectlException.error(
                    "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3");
        }
        JsonPath path = JsonPath.expression(expression);
        return object -> {
            try {
                List<JsonNode> values = path.find(object);
                if (wanted == null) {
                    return !values.isEmpty();
                }
                return values.size() == 1 && JsonPath.text(values.getFirst()).equals(wanted);
            } catch (JsonPathException notYet) {
                return false;
            }
        };
    }
}
