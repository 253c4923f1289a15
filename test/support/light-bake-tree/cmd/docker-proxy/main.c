/* Stands for docker-proxy. */
#include <stdio.h>

int main(void) {
	printf("docker-proxy (commit %s) version %s\n", GITCOMMIT, VERSION);
	return 0;
}
