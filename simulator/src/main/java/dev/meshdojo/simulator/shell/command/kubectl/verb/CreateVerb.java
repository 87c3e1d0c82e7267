package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Errors;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Manifests;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Target;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.rest.Resource;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.util.List;

/** {@code kubectl create}: from files, and by generators. */
final class CreateVerb {

    static final String MANAGER = "kubectl-create";

    static final Verb VERB =
            Verb.of(
                    "create",
                    Manifests.FLAGS
                            + " "
                            + Writer.FLAGS
                            + " save-config edit raw= image= replicas:r= port= from-literal= from-file="
                            + " from-env-file= append-hash type= cert= key= docker-server="
                            + " docker-username= docker-password= docker-email= tcp= clusterip="
                            + " node-port= external-name= class= rule= default-backend= annotation="
                            + " verb= resource= resource-name= non-resource-url= role= clusterrole="
                            + " serviceaccount= group= aggregation-rule= from= schedule= restart="
                            + " duration= hard= scopes= value= global-default description="
                            + " preemption-policy= min-available= max-unavailable= selector:l= audience=",
                    CreateVerb::run);

    private CreateVerb() {}

    private static int run(Session session) throws InterruptedException {
        Flags flags = session.flags();
        if (Manifests.given(flags)) {
            return files(session);
        }
        List<String> words = flags.arguments();
        if (words.isEmpty()) {
            throw KubectlException.error("must specify one of -f and -k");
        }
        if (words.getFirst().equals("token")) {
            return token(session, words);
        }
        Generated generated = Generators.generate(session, words);
        create(session, generated);
        return 0;
    }

    /**
     * An object made from flags.
     *
     * @param object the object
     * @param subject how errors name it: {@code deployment}; empty for plain server errors
     */
    record Generated(ObjectNode object, String subject) {}

    private static int files(Session session) throws InterruptedException {
        Writer writer = new Writer(session);
        StringBuilder errors = new StringBuilder();
        for (Manifests.Manifest manifest : Manifests.read(session)) {
            try {
                Target target = Targets.of(session, manifest);
                ObjectNode object = manifest.object().deepCopy();
                if (target.resource().namespaced()) {
                    object.withObject("/metadata").put("namespace", target.namespace());
                }
                if (session.flags().is("save-config")) {
                    ApplyVerb.annotate(object);
                }
                writer.tell(writer.create(target, object, MANAGER), "created");
            } catch (StatusException e) {
                errors.append(Errors.text(e.when("creating", manifest.source())));
            } catch (KubectlException e) {
                errors.append(e.getMessage()).append('\n');
            }
        }
        session.err().print(errors);
        return errors.isEmpty() ? 0 : 1;
    }

    static void create(Session session, Generated generated) throws InterruptedException {
        Writer writer = new Writer(session);
        ObjectNode object = generated.object();
        String apiVersion = object.path("apiVersion").asText();
        String kind = object.path("kind").asText();
        Resource resource =
                writer.dryRun().sends() ? session.discovery().ofKind(apiVersion, kind) : null;
        if (resource == null) {
            if (writer.dryRun().sends()) {
                throw KubectlException.error(
                        "no matches for kind \"" + kind + "\" in version \"" + apiVersion + "\"");
            }
            if (session.namespaceGiven()
                    && !kind.matches("Namespace|ClusterRole.*|PriorityClass")) {
                object.withObject("/metadata").put("namespace", session.namespace());
            }
            writer.tell(object, "created");
            return;
        }
        String namespace = resource.namespaced() ? session.namespace() : "";
        if (resource.namespaced()) {
            object.withObject("/metadata").put("namespace", namespace);
        }
        String name = object.path("metadata").path("name").asText();
        try {
            JsonNode made = writer.create(new Target(resource, namespace, name), object, MANAGER);
            writer.tell(made, "created");
        } catch (StatusException e) {
            if (generated.subject().isEmpty()) {
                throw e;
            }
            throw KubectlException.error(
                    "failed to create " + generated.subject() + " " + e.getMessage());
        }
    }

    private static int token(Session session, List<String> words) throws InterruptedException {
        if (words.size() != 2) {
            throw KubectlException.usage(
                    "kubectl create token",
                    "exactly one NAME is required, got " + (words.size() - 1));
        }
        ObjectNode request =
                dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient.JSON
                        .createObjectNode();
        request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        ObjectNode spec = request.putObject("spec");
        session.flags().list("audience").forEach(spec.withArray("audiences")::add);
        try {
            JsonNode answer =
                    session.client()
                            .send(
                                    "POST",
                                    "/api/v1/namespaces/"
                                            + session.namespace()
                                            + "/serviceaccounts/"
                                            + words.get(1)
                                            + "/token",
                                    "application/json",
                                    request.toString());
            session.println(answer.path("status").path("token").asText());
            return 0;
        } catch (StatusException e) {
            throw KubectlException.error("failed to create token: " + e.getMessage());
        }
    }
}
