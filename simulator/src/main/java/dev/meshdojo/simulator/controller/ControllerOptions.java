package dev.meshdojo.simulator.controller;

import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.controller.namespace.TokenSecretController;
import dev.meshdojo.simulator.controller.policy.CertificateRequestController;
import dev.meshdojo.simulator.controller.service.AddressPool;
import java.time.Clock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster's controllers run.
 *
 * @param clusterName names threads
 * @param api the API under a field manager's name, such as {@code kube-controller-manager}
 * @param clock the only source of time
 * @param caPem the API server's CA, for {@code kube-root-ca.crt}
 * @param signer makes the tokens of legacy ServiceAccount Secrets, or null to leave those empty
 * @param pool where LoadBalancer Services get addresses, or null to leave them pending for ever
 */
public record ControllerOptions(
        String clusterName,
        Function<String, ResourceApi> api,
        Clock clock,
        String caPem,
        TokenSecretController.@Nullable Signer signer,
        CertificateRequestController.@Nullable Authority authority,
        @Nullable AddressPool pool) {}
