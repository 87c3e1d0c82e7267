package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.analysis.Analyzer;
import java.util.List;

/** All analyzers. */
public final class Analyzers {

    private static final List<Analyzer> ALL =
            List.of(
                    new AnnotationAnalyzer(),
                    new JwksFetchAnalyzer(),
                    new AuthorizationPolicyAnalyzer(),
                    new ConditionAnalyzer(),
                    new ServiceAssociationAnalyzer(),
                    new ApplicationUidAnalyzer(),
                    new ServerVerificationAnalyzer(),
                    new SubsetAnalyzer(),
                    new DeprecationAnalyzer(),
                    new EnvoyFilterAnalyzer(),
                    new ExternalControlPlaneAnalyzer(),
                    new GatewayPortAnalyzer(),
                    new GatewayCertificateAnalyzer(),
                    new GatewayCredentialAnalyzer(),
                    new GatewayConflictAnalyzer(),
                    new InjectionAnalyzer(),
                    new ProxyImageAnalyzer(),
                    new ImageAutoAnalyzer(),
                    new KubernetesGatewaySelectorAnalyzer(),
                    new PortNameAnalyzer(),
                    new SidecarSelectorAnalyzer(),
                    new MeshHostConflictAnalyzer(),
                    new DestinationAnalyzer(),
                    new VirtualServiceGatewayAnalyzer(),
                    new ClaimRoutingAnalyzer(),
                    new ServiceEntryAnalyzer(),
                    new WebhookAnalyzer(),
                    new TelemetryAnalyzer(),
                    new SchemaAnalyzer());

    private Analyzers() {}

    /** Every analyzer; the order does not matter to the result. */
    public static List<Analyzer> all() {
        return ALL;
    }
}
