package dev.meshdojo.simulator.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.Statuses;
import java.util.function.BooleanSupplier;

/**
 * istiod's validating webhook as a step of admission.
 *
 * @param installed whether istiod's webhook configuration is in force
 */
public record IstioValidationPlugin(BooleanSupplier installed) implements AdmissionPlugin {

    private static final String WEBHOOK = "rev.validation.istio.io";

    @Override
    public String name() {
        return WEBHOOK;
    }

    @Override
    public void validate(AdmissionRequest request) {
        ObjectNode object = request.object();
        if (object == null
                || !request.subresource().isEmpty()
                || !IstioValidation.concerns(object.path("apiVersion").asText())
                || !installed.getAsBoolean()) {
            return;
        }
        Verdict verdict = IstioValidation.validate(object);
        if (verdict.admitted()) {
            verdict.warnings().forEach(request::warn);
        } else {
            throw Statuses.failure(
                    400,
                    "",
                    "admission webhook \""
                            + WEBHOOK
                            + "\" denied the request: configuration is invalid: "
                            + verdict.error(),
                    null);
        }
    }
}
