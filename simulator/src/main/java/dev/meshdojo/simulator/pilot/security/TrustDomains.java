package dev.meshdojo.simulator.pilot.security;

import dev.meshdojo.simulator.pilot.model.MeshConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The mesh's trust domain and its other names. A policy that names one of them means all; {@code
 * cluster.local} always means the mesh's own.
 *
 * @param names the trust domain first
 */
record TrustDomains(List<String> names) {

    private static final int IDENTITY_PARTS = 5;
    private static final String LOCAL = "cluster.local";

    static TrustDomains of(MeshConfig mesh) {
        List<String> names = new ArrayList<>();
        names.add(mesh.trustDomain());
        names.addAll(mesh.trustDomainAliases());
        return new TrustDomains(names);
    }

    /** Principals ({@code domain/ns/namespace/sa/account}) under each of the mesh's names. */
    List<String> principals(List<String> written) {
        List<String> out = new ArrayList<>();
        for (String principal : written) {
            String[] parts = principal.split("/", -1);
            String domain = parts[0];
            boolean ours =
                    parts.length == IDENTITY_PARTS
                            && !domain.equals("*")
                            && (domain.equals(LOCAL)
                                    || names.stream().anyMatch(name -> covers(name, domain)));
            if (!ours) {
                out.add(principal);
                continue;
            }
            List<String> renamed = new ArrayList<>();
            for (String name : names) {
                String next =
                        endsAlike(name, domain)
                                ? principal
                                : name + principal.substring(domain.length());
                if (!renamed.contains(next)) {
                    renamed.add(next);
                }
            }
            out.addAll(renamed);
        }
        return out;
    }

    /** Trust domains, those of the mesh under each of its names. */
    List<String> domains(List<String> written) {
        List<String> out = new ArrayList<>();
        for (String domain : written) {
            out.addAll(names.contains(domain) ? names : List.of(domain));
        }
        return out.stream().distinct().toList();
    }

    private static boolean covers(String name, String domain) {
        return name.equals(domain)
                || name.equals("*")
                || endsAlike(name, domain)
                || (domain.endsWith("*")
                        && name.startsWith(domain.substring(0, domain.length() - 1)));
    }

    private static boolean endsAlike(String name, String domain) {
        return domain.startsWith("*") && name.endsWith(domain.substring(1));
    }
}
