package dev.meshdojo.simulator.replay;

import java.util.ArrayList;
import java.util.List;

/** The shortest edit between two lists of lines, with two lines of context. */
final class LineDifference {

    private static final int CONTEXT = 2;

    private LineDifference() {}

    static List<String> of(List<String> expected, List<String> actual) {
        int[][] common = new int[expected.size() + 1][actual.size() + 1];
        for (int i = expected.size() - 1; i >= 0; i--) {
            for (int j = actual.size() - 1; j >= 0; j--) {
                common[i][j] =
                        expected.get(i).equals(actual.get(j))
                                ? common[i + 1][j + 1] + 1
                                : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> all = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < expected.size() || j < actual.size()) {
            boolean same =
                    i < expected.size()
                            && j < actual.size()
                            && expected.get(i).equals(actual.get(j));
            if (same) {
                all.add("  " + expected.get(i++));
                j++;
            } else if (j >= actual.size()
                    || (i < expected.size() && common[i + 1][j] >= common[i][j + 1])) {
                all.add("- " + expected.get(i++));
            } else {
                all.add("+ " + actual.get(j++));
            }
        }
        return withContext(all);
    }

    private static List<String> withContext(List<String> all) {
        List<String> shown = new ArrayList<>();
        int last = -1;
        for (int k = 0; k < all.size(); k++) {
            boolean near = false;
            for (int n = Math.max(0, k - CONTEXT);
                    n <= Math.min(all.size() - 1, k + CONTEXT);
                    n++) {
                near |= !all.get(n).startsWith("  ");
            }
            if (near) {
                if (last >= 0 && last < k - 1) {
                    shown.add("  ...");
                }
                shown.add(all.get(k));
                last = k;
            }
        }
        return shown;
    }
}
