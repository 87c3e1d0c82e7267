package dev.meshdojo.simulator.apiserver.webhook;

import dev.meshdojo.simulator.apiserver.ApiServerExtension;
import dev.meshdojo.simulator.apiserver.ExtensionPoints;
import dev.meshdojo.simulator.apiserver.ResourceApi;

/**
 * Calls the admission webhooks that MutatingWebhookConfigurations and
 * ValidatingWebhookConfigurations name, over HTTPS. Without this extension webhooks are stored and
 * not called.
 *
 * @param routes how webhooks are reached
 */
public record WebhookAdmission(WebhookRoutes routes) implements ApiServerExtension {

    @Override
    public void install(ExtensionPoints points) {
        ResourceApi api = points.api("kube-apiserver");
        WebhookClient client = new WebhookClient(api, routes);
        points.admission(
                new MutatingWebhooks(
                        new WebhookDispatch(
                                api, points.registry(), client, "mutatingwebhookconfigurations")));
        points.admission(
                new ValidatingWebhooks(
                        new WebhookDispatch(
                                api,
                                points.registry(),
                                client,
                                "validatingwebhookconfigurations")));
    }
}
