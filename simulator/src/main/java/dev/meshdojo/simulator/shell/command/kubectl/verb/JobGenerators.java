package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import java.util.List;

/** Jobs and CronJobs. */
final class JobGenerators {

    private JobGenerators() {}

    private static String name(Session session, String command, List<String> words) {
        int end = session.flags().dashDash() < 0 ? words.size() : session.flags().dashDash();
        return Generators.name(command, words.subList(0, end), 1);
    }

    static CreateVerb.Generated job(Session session, List<String> words)
            throws InterruptedException {
        Flags flags = session.flags();
        String name = name(session, "job", words);
        ObjectNode object = Generators.object("batch/v1", "Job", name);
        if (flags.given("from")) {
            String[] from = flags.value("from").split("/", 2);
            if (from.length < 2 || !from[0].matches("cronjob.*|cj")) {
                throw KubectlException.error("from must be an existing cronjob");
            }
            JsonNode cron =
                    session.client()
                            .get(session.resource("cronjobs").path(session.namespace(), from[1]));
            fromCron(object, cron);
            return new CreateVerb.Generated(object, "job:");
        }
        if (!flags.given("image")) {
            throw KubectlException.error("either --image or --from must be specified");
        }
        object.putObject("spec").set("template", template(session, name, words, "Never"));
        object.putObject("status");
        return new CreateVerb.Generated(object, "job:");
    }

    private static void fromCron(ObjectNode object, JsonNode cron) {
        JsonNode template = cron.path("spec").path("jobTemplate");
        ObjectNode metadata = object.withObject("/metadata");
        ObjectNode annotations = metadata.putObject("annotations");
        annotations.put("cronjob.kubernetes.io/instantiate", "manual");
        template.path("metadata")
                .path("annotations")
                .properties()
                .forEach(e -> annotations.set(e.getKey(), e.getValue()));
        if (template.path("metadata").has("labels")) {
            metadata.set("labels", template.path("metadata").path("labels"));
        }
        ObjectNode owner = metadata.putArray("ownerReferences").addObject();
        owner.put("apiVersion", "batch/v1").put("kind", "CronJob");
        owner.put("name", cron.path("metadata").path("name").asText());
        owner.put("uid", cron.path("metadata").path("uid").asText());
        owner.put("controller", true);
        object.set("spec", template.path("spec").deepCopy());
    }

    private static ObjectNode template(
            Session session, String name, List<String> words, String restart) {
        ObjectNode template = RestClient.JSON.createObjectNode();
        template.putObject("metadata");
        ObjectNode spec = template.putObject("spec");
        ObjectNode container = spec.putArray("containers").addObject();
        List<String> command = Generators.arguments(session.flags(), words);
        if (!command.isEmpty()) {
            var list = container.putArray("command");
            command.forEach(list::add);
        }
        container.put("image", session.flags().value("image")).put("name", name);
        container.putObject("resources");
        spec.put("restartPolicy", restart);
        return template;
    }

    static CreateVerb.Generated cronJob(Session session, List<String> words) {
        Flags flags = session.flags();
        String name = name(session, "cronjob", words);
        for (String needed : List.of("image", "schedule")) {
            if (!flags.given(needed)) {
                throw KubectlException.error(
                        needed.equals("image")
                                ? "--image must be specified"
                                : "--schedule must be specified");
            }
        }
        ObjectNode object = Generators.object("batch/v1", "CronJob", name);
        ObjectNode spec = object.putObject("spec");
        ObjectNode job = spec.putObject("jobTemplate");
        job.putObject("metadata").put("name", name);
        job.putObject("spec")
                .set(
                        "template",
                        template(session, name, words, flags.value("restart", "OnFailure")));
        spec.put("schedule", flags.value("schedule"));
        object.putObject("status");
        return new CreateVerb.Generated(object, "cronjob:");
    }
}
