package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Errors;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Manifests;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Target;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.describe.DescribeSource;
import dev.meshdojo.simulator.shell.command.kubectl.describe.Describers;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code kubectl describe}. */
final class DescribeVerb implements DescribeSource {

    static final Verb VERB =
            Verb.of(
                    "describe",
                    Manifests.FLAGS + " selector:l= all-namespaces:A show-events chunk-size=",
                    s -> new DescribeVerb(s).run());

    private final Session session;

    private DescribeVerb(Session session) {
        this.session = session;
    }

    private int run() throws InterruptedException {
        List<String> arguments = session.flags().arguments();
        if (arguments.isEmpty() && !Manifests.given(session.flags())) {
            throw KubectlException.plain(
                    "You must specify the type of resource to describe. Use \"kubectl api-resources\" for"
                            + " a complete list of supported resources.\n");
        }
        List<Target> targets = Targets.of(session, arguments);
        StringBuilder errors = new StringBuilder();
        List<JsonNode> objects = new ArrayList<>();
        boolean collections = targets.stream().allMatch(t -> t.name().isEmpty());
        for (Target target : targets) {
            try {
                Targets.fetch(session, List.of(target)).forEach(f -> objects.add(f.object()));
            } catch (StatusException e) {
                if (e.code() != 404 || !prefixed(target)) {
                    errors.append(Errors.text(e));
                }
            }
        }
        boolean first = true;
        for (JsonNode object : objects) {
            session.out().print((first ? "" : "\n\n") + Describers.describe(object, this));
            first = false;
        }
        if (objects.isEmpty() && collections && errors.isEmpty()) {
            boolean namespaced = targets.stream().anyMatch(t -> t.resource().namespaced());
            session.err()
                    .print(
                            namespaced && !session.flags().is("all-namespaces")
                                    ? "No resources found in "
                                            + session.namespace()
                                            + " namespace.\n"
                                    : "No resources found\n");
        }
        session.out().flush();
        session.err().print(errors);
        return errors.isEmpty() ? 0 : 1;
    }

    /** Describes what starts with the name; true when there was any. */
    private boolean prefixed(Target target) throws InterruptedException {
        boolean any = false;
        Target all = new Target(target.resource(), target.namespace(), "");
        for (Targets.Found found : Targets.fetch(session, List.of(all))) {
            if (found.target().name().startsWith(target.name())) {
                session.out().print(Describers.describe(found.object(), this) + "\n");
                any = true;
            }
        }
        return any;
    }

    @Override
    public List<JsonNode> list(String path) throws InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        session.client().get(path).path("items").forEach(items::add);
        return items;
    }

    @Override
    public @Nullable JsonNode find(String path) throws InterruptedException {
        try {
            return session.client().get(path);
        } catch (StatusException e) {
            if (e.code() == 404) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public Instant now() {
        return session.invocation().host().clock().instant();
    }

    @Override
    public boolean showsEvents() {
        return session.flags().is("show-events", true);
    }
}
