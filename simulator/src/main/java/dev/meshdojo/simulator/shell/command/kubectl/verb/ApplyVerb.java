package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.model.KubernetesTypes;
import dev.meshdojo.simulator.apiserver.model.ObjectType;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Errors;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Manifests;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Target;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.merge.StrategicMerge;
import dev.meshdojo.simulator.shell.command.kubectl.merge.ThreeWayMerge;
import dev.meshdojo.simulator.shell.command.kubectl.print.GoJson;
import dev.meshdojo.simulator.shell.command.kubectl.rest.Resource;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.util.ArrayList;
import java.util.List;

/** {@code kubectl apply}. */
final class ApplyVerb {

    static final Verb VERB =
            Verb.of(
                    "apply",
                    Manifests.FLAGS
                            + " "
                            + Writer.FLAGS
                            + " server-side force-conflicts prune prune-allowlist= selector:l= all"
                            + " overwrite force wait timeout= grace-period= cascade?background"
                            + " openapi-patch applyset=",
                    ApplyVerb::run);

    private static final String MANAGER = "kubectl-client-side-apply";
    private static final String REVIEW =
            """

            Please review the fields above--they currently have other managers. Here
            are the ways you can resolve this warning:
            * If you intend to manage all of these fields, please re-run the apply
              command with the `--force-conflicts` flag.
            * If you do not intend to manage all of the fields, please edit your
              manifest to remove references to the fields that should keep their
              current managers.
            * You may co-own fields by updating your manifest to match the existing
              value; in this case, you'll become the manager if the other manager(s)
              stop managing the field (remove it from their configuration).
            See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts\
            """;

    private final Session session;
    private final Writer writer;

    private ApplyVerb(Session session) {
        this.session = session;
        this.writer = new Writer(session);
    }

    private static int run(Session session) throws InterruptedException {
        Flags flags = session.flags();
        if (!flags.arguments().isEmpty()) {
            if (flags.arguments()
                    .getFirst()
                    .matches("view-last-applied|set-last-applied|edit-last-applied")) {
                return LastApplied.run(session);
            }
            throw KubectlException.error(
                    "Unexpected args: ["
                            + String.join(" ", flags.arguments())
                            + "]\nSee 'kubectl apply -h' for help and examples");
        }
        if (!Manifests.given(flags)) {
            throw KubectlException.error("must specify one of -f and -k");
        }
        if (flags.is("prune") || flags.given("applyset")) {
            throw KubectlException.error(
                    "--prune is not supported by the built-in kubectl; delete what is not wanted any more with kubectl delete");
        }
        boolean serverSide = flags.is("server-side");
        if (flags.is("force-conflicts") && !serverSide) {
            throw KubectlException.error("--force-conflicts only works with --server-side");
        }
        ApplyVerb apply = new ApplyVerb(session);
        if (serverSide && apply.writer.dryRun() == DryRun.CLIENT) {
            throw KubectlException.error(
                    "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
        }
        return apply.all(serverSide);
    }

    private int all(boolean serverSide) throws InterruptedException {
        List<String> errors = new ArrayList<>();
        for (Manifests.Manifest manifest : Manifests.read(session)) {
            try {
                Target target = Targets.of(session, manifest);
                if (manifest.name().isEmpty()) {
                    String generated =
                            manifest.object().path("metadata").path("generateName").asText("");
                    throw KubectlException.error(
                            generated.isEmpty()
                                    ? "resource name may not be empty"
                                    : "from "
                                            + generated
                                            + ": cannot use generate name with apply");
                }
                if (serverSide) {
                    serverSide(manifest, target);
                } else {
                    clientSide(manifest, target);
                }
            } catch (StatusException e) {
                errors.add(Errors.text(e));
            } catch (KubectlException e) {
                errors.add(e.getMessage() + "\n");
            }
        }
        session.out().flush();
        errors.forEach(session.err()::print);
        return errors.isEmpty() ? 0 : 1;
    }

    private ObjectNode wanted(Manifests.Manifest manifest, Target target) {
        ObjectNode object = manifest.object().deepCopy();
        if (target.resource().namespaced()) {
            object.withObject("/metadata").put("namespace", target.namespace());
        }
        return object;
    }

    private void serverSide(Manifests.Manifest manifest, Target target)
            throws InterruptedException {
        boolean force = session.flags().is("force-conflicts");
        String query = writer.query("kubectl") + "&force=" + force;
        try {
            JsonNode result =
                    writer.patch(
                            target,
                            "",
                            Writer.APPLY,
                            GoJson.compact(wanted(manifest, target)),
                            query);
            writer.tell(result, "serverside-applied");
        } catch (StatusException e) {
            if (e.reason().equals("Conflict")
                    && !e.status().path("details").path("causes").isEmpty()) {
                throw KubectlException.error(e.getMessage() + REVIEW);
            }
            throw e;
        }
    }

    private void clientSide(Manifests.Manifest manifest, Target target)
            throws InterruptedException {
        ObjectNode wanted = wanted(manifest, target);
        annotate(wanted);
        JsonNode live;
        try {
            live = session.client().get(target.path());
        } catch (StatusException e) {
            if (e.code() != 404) {
                throw e.withMessage(
                        "error when retrieving current configuration of:\nResource: \""
                                + gvr(target.resource())
                                + "\", GroupVersionKind: \""
                                + gvk(target.resource())
                                + "\"\nName: \""
                                + manifest.name()
                                + "\", Namespace: \""
                                + target.namespace()
                                + "\"\nfrom server for: \""
                                + manifest.source()
                                + "\": "
                                + e.getMessage());
            }
            create(manifest, target, wanted);
            return;
        }
        update(manifest, target, wanted, live);
    }

    private void create(Manifests.Manifest manifest, Target target, ObjectNode wanted)
            throws InterruptedException {
        try {
            JsonNode made = writer.create(target, wanted, MANAGER);
            writer.tell(made, "created");
        } catch (StatusException e) {
            throw e.when("creating", manifest.source());
        }
    }

    private void update(
            Manifests.Manifest manifest, Target target, ObjectNode wanted, JsonNode live)
            throws InterruptedException {
        JsonNode annotation = live.path("metadata").path("annotations").path(Writer.LAST_APPLIED);
        if (annotation.isMissingNode()) {
            session.err()
                    .print(
                            "Warning: resource "
                                    + target.resource().plural()
                                    + "/"
                                    + manifest.name()
                                    + " is missing the "
                                    + Writer.LAST_APPLIED
                                    + " annotation which is required by kubectl apply. kubectl apply"
                                    + " should only be used on resources created declaratively by"
                                    + " either kubectl create --save-config or kubectl apply. The"
                                    + " missing annotation will be patched automatically.\n");
        }
        JsonNode before = parse(annotation.asText(""));
        Resource resource = target.resource();
        ObjectType type =
                KubernetesTypes.shared()
                        .kind(resource.group(), resource.version(), resource.kind());
        ObjectNode patch =
                type == null
                        ? ThreeWayMerge.patch(before, wanted, live)
                        : StrategicMerge.patch(before, wanted, live, type);
        if (patch.isEmpty()) {
            writer.tell(live, "unchanged");
            return;
        }
        if (!writer.dryRun().sends()) {
            writer.tell(live, "configured");
            return;
        }
        String contentType = type == null ? Writer.MERGE : Writer.STRATEGIC;
        JsonNode result = send(manifest, target, patch, contentType);
        writer.tell(result, "configured");
    }

    private JsonNode send(
            Manifests.Manifest manifest, Target target, ObjectNode patch, String contentType)
            throws InterruptedException {
        try {
            return writer.patch(
                    target, "", contentType, GoJson.compact(patch), writer.query(MANAGER));
        } catch (StatusException e) {
            throw e.withMessage(
                    "error when applying patch:\n"
                            + GoJson.compact(patch)
                            + "\nto:\nResource: \""
                            + gvr(target.resource())
                            + "\", GroupVersionKind: \""
                            + gvk(target.resource())
                            + "\"\nName: \""
                            + target.name()
                            + "\", Namespace: \""
                            + target.namespace()
                            + "\"\nfor: \""
                            + manifest.source()
                            + "\": error when patching \""
                            + manifest.source()
                            + "\": "
                            + e.getMessage());
        }
    }

    private static JsonNode parse(String text) {
        try {
            return text.isEmpty() ? MissingNode.getInstance() : RestClient.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static String gvr(Resource resource) {
        return resource.apiVersion() + ", Resource=" + resource.plural();
    }

    private static String gvk(Resource resource) {
        return resource.apiVersion() + ", Kind=" + resource.kind();
    }

    /** Puts the manifest into its own annotation, as {@code kubectl apply} records it. */
    static void annotate(ObjectNode object) {
        ObjectNode recorded = object.deepCopy();
        ObjectNode metadata = recorded.withObject("/metadata");
        if (metadata.get("annotations") instanceof ObjectNode annotations) {
            annotations.remove(Writer.LAST_APPLIED);
        } else {
            metadata.putObject("annotations");
        }
        ObjectNode own = object.withObject("/metadata");
        ObjectNode target =
                own.get("annotations") instanceof ObjectNode annotations
                        ? annotations
                        : own.putObject("annotations");
        target.put(Writer.LAST_APPLIED, GoJson.compact(recorded) + "\n");
    }
}
