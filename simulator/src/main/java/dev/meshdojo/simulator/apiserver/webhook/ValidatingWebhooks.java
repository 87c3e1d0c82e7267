package dev.meshdojo.simulator.apiserver.webhook;

import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.policy.VersionedRequest;

/** The webhooks of ValidatingWebhookConfigurations. Thread-safe. */
final class ValidatingWebhooks implements AdmissionPlugin {

    private final WebhookDispatch dispatch;

    ValidatingWebhooks(WebhookDispatch dispatch) {
        this.dispatch = dispatch;
    }

    @Override
    public String name() {
        return "ValidatingAdmissionWebhook";
    }

    @Override
    public Stage stage() {
        return Stage.WEBHOOK;
    }

    @Override
    public void validate(AdmissionRequest request) {
        for (Webhook webhook : dispatch.webhooks(request)) {
            VersionedRequest versioned = dispatch.wanted(webhook, request);
            if (versioned != null) {
                dispatch.ask(webhook, versioned, false);
            }
        }
    }
}
