package org.selvage.report;

import java.nio.file.Path;
import java.util.Optional;

/** The folder of findings: one folder named {@code NNNN-slug} for each failure. */
public final class FindingFolder {
    /** Makes a writer. */
    public FindingFolder() {}

    /**
     * Files a finding, or recognises it.
     *
     * @param findings the folder of all findings; made if there is none
     * @return the finding's own folder: a new one, or the one in which the same failure was filed before
     * @throws FindingException if it cannot be written; nothing is left behind then
     */
    public Path write(Path findings, Finding finding) throws FindingException {
        throw new UnsupportedOperationException();
    }

    /** Where the same failure of the same subject under the same profile was filed before, if it was. */
    public Optional<Path> existing(Path findings, Finding finding) throws FindingException {
        throw new UnsupportedOperationException();
    }
}
