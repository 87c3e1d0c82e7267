package dev.meshdojo.simulator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ApiServerTest {

    @Test
    void serves_a_real_client_over_token_and_over_certificate() {
        try (ApiServer server = ApiServer.start(ApiServerOptions.defaults())) {
            for (String kubeconfig :
                    new String[] {server.kubeconfig(), server.certificateKubeconfig()}) {
                try (KubernetesClient client = client(kubeconfig)) {
                    assertThat(client.namespaces().list().getItems())
                            .extracting(namespace -> namespace.getMetadata().getName())
                            .containsExactly(
                                    "default", "kube-node-lease", "kube-public", "kube-system");
                    assertThat(client.getKubernetesVersion().getMinor()).isEqualTo("35");
                }
            }
        }
    }

    @Test
    void refuses_strangers() {
        try (ApiServer server = ApiServer.start(ApiServerOptions.defaults());
                KubernetesClient client =
                        client(server.kubeconfig().replace(server.token(), "guess"))) {
            assertThatThrownBy(() -> client.namespaces().list())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            e -> assertThat(e.getCode()).isEqualTo(401));
        }
    }

    static KubernetesClient client(String kubeconfig) {
        return new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build();
    }
}
