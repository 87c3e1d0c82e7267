package dev.meshdojo.simulator.apiserver.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.UserInfo;
import java.util.List;

/** Notes in certificate signing requests who made them. */
public final class CertificateRequester implements AdmissionPlugin {

    @Override
    public String name() {
        return "CertificateRequester";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.isFor(
                        "certificates.k8s.io",
                        "certificatesigningrequests",
                        List.of(AdmissionRequest.Operation.CREATE))
                || request.object() == null
                || !(request.object().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        UserInfo user = request.user();
        spec.remove(List.of("username", "uid", "groups", "extra"));
        spec.put("username", user.username());
        if (!user.uid().isEmpty()) {
            spec.put("uid", user.uid());
        }
        if (!user.groups().isEmpty()) {
            ArrayNode groups = spec.putArray("groups");
            user.groups().forEach(groups::add);
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = spec.putObject("extra");
            user.extra()
                    .forEach(
                            (key, values) -> {
                                ArrayNode listed = extra.putArray(key);
                                values.forEach(listed::add);
                            });
        }
    }
}
