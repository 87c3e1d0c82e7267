package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import dev.meshdojo.simulator.golang.GoAddress;
import java.net.URI;
import java.net.URISyntaxException;

/** Webhooks that reach an istiod outside the cluster. */
final class ExternalControlPlaneAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        context.all(ObjectKind.VALIDATING_WEBHOOK).stream()
                .filter(
                        webhook ->
                                webhook.name().equals("istiod-default-validator")
                                        || webhook.name().startsWith("istio-validator"))
                .forEach(webhook -> check(webhook, context));
        context.all(ObjectKind.MUTATING_WEBHOOK).stream()
                .filter(webhook -> webhook.name().startsWith("istio-sidecar-injector"))
                .forEach(webhook -> check(webhook, context));
    }

    private static void check(AnalyzedObject configuration, AnalysisContext context) {
        for (Spec hook : new Spec(configuration.json()).list("webhooks")) {
            Spec client = hook.get("clientConfig");
            if (client.has("url")) {
                url(configuration, hook.text("name"), client.text("url"), context);
            } else if (!client.has("service")) {
                context.report(
                        MessageType.INVALID_EXTERNAL_CONTROL_PLANE,
                        configuration,
                        "",
                        hook.text("name"),
                        "is blank");
            }
        }
    }

    private static void url(
            AnalyzedObject configuration, String hook, String url, AnalysisContext context) {
        String host;
        try {
            host = new URI(url).getHost();
        } catch (URISyntaxException e) {
            context.report(
                    MessageType.INVALID_EXTERNAL_CONTROL_PLANE,
                    configuration,
                    url,
                    hook,
                    "was provided in an invalid format");
            return;
        }
        if (host != null && GoAddress.isAddress(host.replaceAll("[\\[\\]]", ""))) {
            context.report(MessageType.EXTERNAL_CONTROL_PLANE_BY_ADDRESS, configuration, url, hook);
        }
    }
}
