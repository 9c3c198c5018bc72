"""A customer's program: the published client, unmodified, with makers for what its calls need."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import scaleapi
from rig.server import eventually
from rig.tasks import words_document, words_task
from rig.web import FileHost
from scaleapi.batches import Batch
from scaleapi.projects import Project
from scaleapi.tasks import Task, TaskType
from scaleapi.teams import TeammateRole

if TYPE_CHECKING:
    from conftest import World


def unique(start: str) -> str:
    return f"{start}-{uuid.uuid4().hex[:10]}"


@dataclass
class Customer:
    """A client on an account, with a live or a test key."""

    client: scaleapi.ScaleClient
    mode: str
    world: "World"
    files: FileHost

    def project(self, kind: TaskType = TaskType.NamedEntityRecognition, **more) -> Project:
        return self.client.create_project(unique("street scenes/1"), kind, **more)

    def batch(self, project: Project | None = None, **more) -> Batch:
        return self.client.create_batch((project or self.project()).name, unique("my batch/1"), **more)

    def task(self, **more) -> Task:
        return self.client.create_task(TaskType.NamedEntityRecognition, **words_task(**more))

    def completed_task(self) -> tuple["Customer", Task]:
        """A completed task; a live one is worked by a person, in a world of its own so that nothing else is in the queue."""
        if self.mode == "test":
            return self, self.task()
        world = self.world.another()
        other = Customer(world.client(), "live", world, self.files)
        task = other.task()
        labeler = world.labeler()
        work = eventually(labeler.claim)
        labeler.fill(work, words_document())
        labeler.submit(work)
        task.refresh()
        assert task.status == "completed"
        return other, task

    def teammate(self) -> str:
        email = f"{unique('teammate')}@example.com"
        self.client.invite_teammates([email], TeammateRole.Member)
        return email

    def labeler(self) -> str:
        """Somebody who has accepted already, as Studio assignments ask for."""
        return self.world.labeler().user["email"]

    def assigned(self) -> tuple[Project, str]:
        project, email = self.project(studio=True), self.labeler()
        self.client.add_studio_assignments([email], [project.name])
        return project, email
